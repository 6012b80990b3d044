import type { GoldenResult, GoldenRun } from '@yingke/api'
import { t } from '@yingke/i18n'

/** What started a run, in words. */
export function causeOf(run: GoldenRun): string {
  return t(`knowledge_golden.cause_${run.cause}`, { name: run.cause_name })
}

/** Who answered, in words. */
export function engineOf(run: GoldenRun): string {
  if (!run.engine) return ''
  const name = run.engine === 'embedded' ? t('knowledge_golden.engine_embedded') : run.engine
  return t('knowledge_golden.engine', { name })
}

/** Why an answer is not right, in words. */
export function reasonOf(result: Pick<GoldenResult, 'reason' | 'detail'>): string {
  return result.reason ? t(`knowledge_golden.reason_${result.reason}`, { detail: result.detail }) : ''
}
