import type { Answer } from '@yingke/api'

export type Connection = Answer<'GET /v1/shop-connections/{id}'>
export type Provider = Answer<'GET /v1/shop-providers'>['items'][number]
export type Field = Provider['fields'][number]
export type Tried = Answer<'POST /v1/shop-connections/test'>
export type ConnectionAct = 'sync' | 'pause' | 'resume' | 'edit' | 'push' | 'fields' | 'remove'

export function isSyncing(one: Connection): boolean {
  return ['ok', 'failing'].includes(one.state) && ['products', 'orders', 'waiting'].includes(one.progress.phase)
}

/** An HTTP shop whose fields nobody has chosen yet reads nothing. */
export function isUnmapped(one: Connection): boolean {
  return one.provider === 'http_shop' && !one.can.some((what) => what === 'products' || what === 'orders')
}
