import type { Answer } from '@yingke/api'

export type ShopImport = Answer<'GET /v1/commerce/imports/{id}'>
export type Look = Answer<'POST /v1/commerce/imports/{id}/preview'>
export type Mapping = Required<Look['used']>
export type Kind = Mapping['kind']
export type Meaning = Look['meanings'][number]
export type OrderState = NonNullable<Look['states'][number]['state']>
export type Folder = Answer<'GET /v1/commerce/drop-folder'>

export const kinds: Kind[] = ['orders', 'shipments', 'products', 'stock']
export const orderStates: OrderState[] = ['unpaid', 'paid', 'part_shipped', 'shipped', 'delivered', 'closed', 'cancelled', 'refunded']
export const currencies = ['CNY', 'USD', 'EUR', 'GBP', 'JPY', 'HKD', 'TWD', 'SGD', 'AUD', 'CAD', 'KRW', 'THB', 'VND', 'MYR', 'IDR', 'PHP']
export const running = ['queued', 'reading', 'undoing']

export function showNumber(value: number, language: string): string {
  return new Intl.NumberFormat(language).format(value)
}
