import { t } from '@yingke/i18n'

/** What a tool is called on its button; of one that has no short name yet the first words of what it does. */
export function toolName(name: string, words = ''): string {
  const key = name.startsWith('own_') ? 'help.tool_own' : `help.tool_${name}`
  const known = t(key)
  if (known !== key) return known
  const short = words.split(/[：:，,。.；;]/)[0] ?? ''
  return short || name
}
