import type { Answer } from '@yingke/api'

export type OrderRow = Answer<'GET /v1/orders'>['items'][number]
export type Order = Answer<'GET /v1/orders/{order_id}'>
export type Shipment = Order['shipments'][number]

export const states: OrderRow['state'][] = ['unpaid', 'paid', 'part_shipped', 'shipped', 'delivered', 'closed', 'cancelled', 'refunded']
export const tones: Record<string, string> = {
  unpaid: 'warn', paid: 'brand', part_shipped: 'brand', shipped: 'brand', delivered: 'ok', refunded: 'warn',
}
export const parcelTones: Record<string, string> = { delivered: 'ok', problem: 'bad', returned: 'warn', out_for_delivery: 'brand', in_transit: 'brand' }
