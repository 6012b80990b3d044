import { t } from '@yingke/i18n'

/** "api_key.created" in words; an action without words of its own is shown as it is stored. */
export const actionName = (action: string): string => worded('actions', action.replace('.', '_'), action)

/** "document:8" as 「文件 8」; what has no words of its own is shown as it is stored. */
export function targetName(target: string): string {
  const [kind = '', ...rest] = target.split(':')
  return [worded('kinds', kind, kind), rest.join(':')].filter(Boolean).join(' ')
}

/** What an entry notes beside its action: {"audience": "staff"} as 「给谁看：仅内部」. */
export function detailsOf(data: Record<string, unknown> | null | undefined, colon: string): string {
  return Object.entries(data ?? {})
    .map(([name, value]) => `${worded('fields', name, name)}${colon}${shown(value)}`)
    .join(' · ')
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(shown).join('、')
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  return worded('values', text, text)
}

function worded(group: string, key: string, otherwise: string): string {
  if (!/^\w+$/.test(key)) return otherwise
  const name = t(`audit.${group}.${key}`)
  return name === `audit.${group}.${key}` ? otherwise : name
}
