export type Audience = 'customer' | 'staff'

/** Who a piece of knowledge is for, and where. */
export interface Scope {
  audience: Audience
  /** null = every shop */
  shop_ids: string[] | null
}
