import type { JSX } from "preact";
import { useState } from "preact/hooks";
import { say_size } from "../talk/size";
import type { FileShown } from "../wire";
import { Icon } from "./icons";
import { use_scene } from "./scene";

const WIDEST = 220;
const TALLEST = 240;

/** The box a picture will fill, known before it arrives, so that nothing below it jumps. */
function box_of(file: FileShown): { width: number; height: number } {
  if (!file.width || !file.height) return { width: WIDEST, height: 160 };
  const scale = Math.min(1, WIDEST / file.width, TALLEST / file.height);
  return { width: Math.max(56, file.width * scale), height: Math.max(56, file.height * scale) };
}

interface FileProps {
  file: FileShown;
  /** Whole address, or a local one of a picture on its way. */
  address: string | null;
  is_picture: boolean;
  /** The link has run out: ask for a fresh one. */
  on_stale?: () => void;
  on_view?: () => void;
}

/** A picture, or a file by name and size. */
export function FileShape({ file, address, is_picture, on_stale, on_view }: FileProps): JSX.Element {
  const { say } = use_scene();
  const [failures, set_failures] = useState(0);
  if (is_picture && address && failures < 2) {
    const { width, height } = box_of(file);
    const failed = (): void => {
      set_failures(failures + 1);
      on_stale?.();
    };
    return (
      <button type="button" class="picture" aria-label={`${say("viewer")} ${file.name}`} onClick={on_view} disabled={!on_view}>
        <img src={address} alt={file.name} width={Math.round(width)} height={Math.round(height)} onError={failed} />
      </button>
    );
  }
  const inside = (
    <>
      <span class="file-icon">
        <Icon name="file" />
      </span>
      <span class="file-words">
        <span class="file-name">{file.name}</span>
        <span class="file-size">{say_size(file.size)}</span>
      </span>
    </>
  );
  if (!address || address.startsWith("blob:")) return <span class="file">{inside}</span>;
  return (
    <a class="file" href={address} target="_blank" rel="noopener" download={file.name} title={say("download")}>
      {inside}
    </a>
  );
}
