import type { GoldenResult, GoldenRun } from '@yingke/api'
import { t } from '@yingke/i18n'

/** What started a run, in words. */
export function causeOf(run: GoldenRun): string {
  if (run.cause_ref === 'golden') return t('knowledge_golden.cause_golden')
  if (run.cause_ref === 'answering') return t('knowledge_golden.cause_answering')
  const isNamed = run.cause_name !== '' || run.cause === 'person' || run.cause === 'prompt'
  return t(`knowledge_golden.cause_${run.cause}${isNamed ? '' : '_plain'}`, { name: run.cause_name })
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

/** The intents that the assistant tells apart, in the order of a purchase. */
export const intentNames = [
  'product_consult',
  'stock_availability',
  'price_promotion',
  'payment',
  'logistics_shipping',
  'order_modify',
  'order_cancel',
  'return_exchange',
  'refund',
  'aftersales_quality_repair',
  'invoice',
  'complaint',
  'contact_human',
  'provide_info',
  'chitchat_ack',
] as const

/** An intent as people read it; one of the merchant's own stays as it was written. */
export function intentOf(name: string): string {
  const key = `knowledge_golden.intents.${name}`
  const shown = t(key)
  return shown === key ? name : shown
}

/** What was meant and what was understood, where they differ. */
export function mixUp(expected: string, understood: string | null): string {
  const words = { expected: intentOf(expected), understood: understood ? intentOf(understood) : '' }
  return t(understood ? 'knowledge_golden.confused' : 'knowledge_golden.unrecognised', words)
}
