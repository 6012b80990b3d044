import type { Answer } from '@yingke/api'

export type OrderRequest = Answer<'GET /v1/order-requests'>['items'][number]

export const kinds: OrderRequest['kind'][] = ['return', 'exchange', 'refund', 'repair', 'cancel', 'address', 'invoice', 'coupon']
export const states: OrderRequest['state'][] = ['open', 'uncertain', 'calling', 'done', 'refused', 'failed', 'withdrawn']
export const tones: Record<string, string> = {
  waiting_approval: 'warn', calling: 'brand', open: 'brand', done: 'ok', refused: '', failed: 'bad', uncertain: 'bad', withdrawn: '',
}
