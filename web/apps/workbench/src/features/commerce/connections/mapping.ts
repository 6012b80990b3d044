import type { Answer } from '@yingke/api'

export type Sample = Answer<'POST /v1/shop-connections/sample'>
export type What = 'products' | 'orders'

export interface Place {
  url: string
  one_url: string
  list: string
  one: string
  next: string
  fields: Record<string, string>
  parts: string
  part_fields: Record<string, string>
}

export interface Mapping {
  products: Place
  orders: Place
  money: 'major' | 'minor'
  currency: string
  states: Record<string, string>
  page_param: string
  cursor_param: string
  since_param: string
  buyer_param: string
}

export const orderStates = ['unpaid', 'paid', 'part_shipped', 'shipped', 'delivered', 'closed', 'cancelled', 'refunded'] as const

/** Ours, in reading order; the needed ones first. */
export const ownFields: Record<What, string[]> = {
  products: ['external_id', 'title', 'price', 'stock', 'sku', 'code', 'compare_at', 'description', 'category', 'url', 'picture_url', 'is_listed', 'updated_at'],
  orders: [
    'number', 'state', 'total', 'external_id', 'paid', 'buyer', 'buyer_name', 'phone', 'email', 'receiver', 'province', 'city', 'district', 'address',
    'note', 'ordered_at', 'paid_at', 'shipped_at', 'delivered_at', 'updated_at', 'tracking_number', 'carrier',
  ],
}
export const partFields: Record<What, string[]> = {
  products: ['external_id', 'sku', 'title', 'price', 'stock', 'compare_at'],
  orders: ['title', 'quantity', 'price', 'sku', 'variant', 'product', 'external_id'],
}
export const perVariant = ['price', 'stock', 'sku', 'compare_at']
export const needed: Record<What, string[]> = { products: ['external_id', 'title'], orders: ['number'] }

export function emptyPlace(): Place {
  return { url: '', one_url: '', list: '', one: '', next: '', fields: {}, parts: '', part_fields: {} }
}

/** What is saved, made whole. */
export function readMapping(saved: unknown): Mapping {
  const given = (saved ?? {}) as Partial<Mapping>
  return {
    products: { ...emptyPlace(), ...given.products },
    orders: { ...emptyPlace(), ...given.orders },
    money: given.money ?? 'major',
    currency: given.currency ?? 'CNY',
    states: { ...given.states },
    page_param: given.page_param ?? '',
    cursor_param: given.cursor_param ?? '',
    since_param: given.since_param ?? '',
    buyer_param: given.buyer_param ?? '',
  }
}
