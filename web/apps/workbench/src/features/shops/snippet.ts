import type { Shop } from '@yingke/api'

/** The shop's script tag with its look on it, so that the bubble is right before anything else has loaded. */
export function snippetOf(shop: Pick<Shop, 'snippet' | 'look'>): string {
  const { color, position, offset_x: x = 24, offset_y: y = 24 } = shop.look
  const marks = [
    color && /^#[0-9a-f]{6}$/i.test(color) ? `data-color="${color}"` : '',
    position === 'left' ? 'data-position="left"' : '',
    x !== 24 || y !== 24 ? `data-offset="${x},${y}"` : '',
  ].filter(Boolean)
  return marks.length ? shop.snippet.replace('></script>', ` ${marks.join(' ')}></script>`) : shop.snippet
}
