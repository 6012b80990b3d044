import { ApiProblem } from '@yingke/api'
import { currentLanguage, t } from '@yingke/i18n'

/** Whatever was thrown, as a problem with a sentence that can be shown; reasons at fields in one language. */
export function toTrouble(error: unknown): ApiProblem {
  if (!(error instanceof ApiProblem)) {
    console.error(error)
    return new ApiProblem({ status: 0, code: 'unexpected', detail: t('pieces.unexpected') })
  }
  const fields = Object.fromEntries(Object.entries(error.fields).map(([name, reason]) => [name, oneLanguage(reason)]))
  return new ApiProblem({ ...error.body, fields }, error.retryAfter)
}

/** The server gives a field's reason in both languages, "中文 / English"; the half in ours is shown. */
function oneLanguage(reason: string): string {
  const halves = reason.split(' / ')
  if (halves.length !== 2) return reason
  const isChinese = (text: string): boolean => /[\u4e00-\u9fff]/.test(text)
  const wanted = currentLanguage() === 'zh-CN'
  return halves.find((half) => isChinese(half) === wanted) ?? reason
}
