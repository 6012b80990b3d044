import type { JSX } from "preact";
import type { Upload } from "../talk/state";
import { FileShape } from "./FileShape";
import { Icon } from "./icons";
import { Bubble } from "./Message";
import { use_scene } from "./scene";

/** A file on its way up: how far it is, or why it did not go. */
export function UploadRow({ upload }: { upload: Upload }): JSX.Element {
  const { talk, say } = use_scene();
  const { key, file, preview, share, detail, is_final } = upload;
  const percent = Math.round(share * 100);
  const below =
    detail === null ? (
      <div class="delivery">
        <progress max={100} value={percent} aria-label={say("uploading", { percent })} />
        <span>{say("uploading", { percent })}</span>
        <button type="button" class="link" onClick={() => talk.cancel_upload(key)}>
          {say("cancel")}
        </button>
      </div>
    ) : (
      <div class="delivery failed" role="alert">
        <span>
          <Icon name="warn" size={14} /> {detail}
        </span>
        {!is_final && (
          <button type="button" class="link" onClick={() => talk.retry_upload(key)}>
            {say("resend")}
          </button>
        )}
        <button type="button" class="link" onClick={() => talk.cancel_upload(key)}>
          {say("discard")}
        </button>
      </div>
    );
  return (
    <div class="row">
      <Bubble from="contact" name={say("you")} below={below}>
        <FileShape
          file={{ id: key, name: file.name || say("picture"), media_type: file.type, size: file.size, url: "" }}
          is_picture={preview !== null}
          address={preview}
        />
      </Bubble>
    </div>
  );
}
