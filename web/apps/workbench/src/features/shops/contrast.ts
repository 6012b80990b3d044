/** Contrast of white text on a #rrggbb ground by WCAG 2: 1 to 21; 4.5 is readable. */
function whiteContrast(color: string): number {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color)
  if (!match) return 21
  const [red, green, blue] = match.slice(1).map((part) => {
    const share = parseInt(part, 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
}

/** Otherwise the widget writes in dark on this colour. */
export function isReadableWithWhite(color: string): boolean {
  return whiteContrast(color) >= 4.5
}
