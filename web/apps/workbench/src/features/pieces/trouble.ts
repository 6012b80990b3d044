import { ApiProblem } from "@yingke/api";
import { t } from "@yingke/i18n";

/** Whatever was thrown, as a problem with a sentence that can be shown. */
export function toTrouble(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  console.error(error);
  return new ApiProblem({ status: 0, code: "unexpected", detail: t("pieces.unexpected") });
}
