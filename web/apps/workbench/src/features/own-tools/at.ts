/** The value at the end of a JSON pointer. */
export function valueAt(answer: unknown, path: string): unknown {
  return stepsOf(path).reduce<unknown>((value, step) => {
    if (Array.isArray(value)) return value[Number(step)]
    return value && typeof value === 'object' ? (value as Record<string, unknown>)[step] : undefined
  }, answer)
}

function stepsOf(path: string): string[] {
  if (path.startsWith('/')) return path.slice(1).split('/').map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
  return path.replace(/\[(\d+)\]/g, '.$1').split('.').filter(Boolean)
}

export function pointer(path: string, key: string | number): string {
  return `${path}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** A name for a field, from the last word of its path: until, product_2. */
export function nameFor(path: string, taken: readonly string[]): string {
  const words = stepsOf(path).filter((step) => !/^\d+$/.test(step))
  const base = (words.at(-1) ?? 'value').replace(/[^\p{L}\p{N}_]/gu, '').slice(0, 16) || 'value'
  let name = base
  for (let n = 2; taken.includes(name); n++) name = `${base}_${n}`
  return name
}

export function filled(sentence: string, values: Readonly<Record<string, string>>): string {
  return sentence.replace(/\{([^{}\n]{1,40})\}/g, (hole, name: string) => values[name] ?? hole)
}
