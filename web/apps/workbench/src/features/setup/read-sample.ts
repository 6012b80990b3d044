import { readProblem } from '@yingke/api'
import { currentLanguage } from '@yingke/i18n'

/** The sample document that ships with the product, as if it had been chosen from a disk. */
export async function readSample(): Promise<File> {
  const answer = await fetch('/v1/knowledge/sample', { headers: { 'Accept-Language': currentLanguage() } })
  if (!answer.ok) throw await readProblem(answer, currentLanguage())
  const told = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get('Content-Disposition') ?? '')
  return new File([await answer.blob()], told?.[1] ? decodeURIComponent(told[1]) : 'sample.md', {
    type: 'text/markdown',
  })
}
