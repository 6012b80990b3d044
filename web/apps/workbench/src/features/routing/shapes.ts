import type { Answer, Body } from '@yingke/api'

export type Group = Answer<'GET /v1/groups'>['items'][number]
export type GroupBody = Body<'POST /v1/groups'>
export type Rules = Answer<'GET /v1/routing-settings'>
export type Preview = Answer<'POST /v1/routing-settings/preview'>
export type Board = Answer<'GET /v1/queue'>
export type ShopMode = Answer<'GET /v1/shops/{id}/mode'>
export type Mode = ShopMode['usual']
export type Mark = Rules['marks'][number]

export const marks: Mark[] = ['danger', 'angry', 'vip', 'complaint', 'large_order', 'asked']
export const modes: Mode[] = ['assistant_first', 'person_first', 'assistant_only', 'assistant_suggests']
export const intents = [
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
] as const
