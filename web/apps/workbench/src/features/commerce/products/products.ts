import type { Answer } from '@yingke/api'

export type ProductRow = Answer<'GET /v1/products'>['items'][number]
export type Product = Answer<'GET /v1/products/{product_id}'>
export type Variant = Product['variants'][number]

export interface VariantDraft {
  id: string | null
  sku: string
  title: string
  attributes: Record<string, string>
  price_minor: number | null
  compare_at_minor: number | null
  stock: number | null
  restock_at: string | null
  is_listed: boolean
}

export interface ProductDraft {
  title: string
  code: string
  category: string
  description: string
  attributes: string
  url: string
  picture_url: string
  currency: string
  no_seven_days: boolean
  is_listed: boolean
  shop_ids: string[] | null
  variants: VariantDraft[]
}

export function newVariant(): VariantDraft {
  return {
    id: null, sku: '', title: '', attributes: {}, price_minor: null, compare_at_minor: null, stock: null, restock_at: null, is_listed: true,
  }
}

export function draftOf(product: Product | null): ProductDraft {
  if (!product) {
    return {
      title: '', code: '', category: '', description: '', attributes: '', url: '', picture_url: '', currency: 'CNY', no_seven_days: false,
      is_listed: true, shop_ids: null, variants: [newVariant()],
    }
  }
  const { title, code, category, description, currency, no_seven_days, is_listed, shop_ids } = product
  const attributes = Object.entries(product.attributes).map(([name, value]) => `${name}：${value}`).join('\n')
  const variants = product.variants.map(({ external_id: _, ...one }) => ({ ...one }))
  return {
    title, code, category, description, currency, no_seven_days, is_listed, shop_ids, attributes, variants,
    url: product.url ?? '', picture_url: product.picture_url ?? '',
  }
}

/** "材质：涤纶" a line → {材质: 涤纶}. */
export function readAttributes(text: string): Record<string, string> {
  const pairs = text.split('\n').map((line) => /^\s*([^:：]+?)\s*[:：]\s*(.+?)\s*$/.exec(line))
  return Object.fromEntries(pairs.flatMap((found) => (found ? [[found[1] as string, found[2] as string]] : [])))
}
