import { ElMessageBox } from "element-plus";
import { words } from "./words";

interface Question {
  title: string;
  text: string;
  yes: string;
  danger?: boolean;
}

/** A yes/no question before something that cannot be taken back; true = go on. */
export async function askFirst(question: Question): Promise<boolean> {
  try {
    await ElMessageBox.confirm(question.text, question.title, {
      confirmButtonText: question.yes,
      cancelButtonText: words("pieces.cancel"),
      confirmButtonClass: question.danger ? "el-button--danger" : "",
      closeOnClickModal: false,
      autofocus: false,
    });
    return true;
  } catch {
    // The kit rejects when the person says no.
    return false;
  }
}

export function askToDiscard(): Promise<boolean> {
  return askFirst({
    title: words("pieces.leave_title"),
    text: words("pieces.leave_text"),
    yes: words("pieces.leave_yes"),
    danger: true,
  });
}
