import type { AgentTool } from './shapes'

export interface Field {
  name: string
  /** How the merchant calls it; empty for what is named here. */
  label: string
  kind: 'text' | 'choice' | 'yes_no' | 'list' | 'lines'
  choices: readonly string[]
  isNeeded: boolean
}

interface Property {
  title?: string
  type?: string
  enum?: string[]
  items?: { type?: string }
}

/** What a person has to do with a tool needs no ids and no switches for screens. */
const LEFT_OUT = new Set(['product_id', 'order_id', 'phone_tail', 'show', 'limit', 'items', 'details'])

export function fieldsOf(tool: AgentTool): Field[] {
  const schema = tool.parameters as { properties?: Record<string, Property>; required?: string[] }
  return Object.entries(schema.properties ?? {})
    .filter(([name]) => !LEFT_OUT.has(name))
    .map(([name, property]) => ({ name, label: property.title ?? '', kind: kindOf(property), choices: property.enum ?? [], isNeeded: schema.required?.includes(name) ?? false }))
}

function kindOf(property: Property): Field['kind'] {
  if (property.enum) return 'choice'
  if (property.type === 'boolean') return 'yes_no'
  if (property.type === 'array') return property.items?.type === 'object' ? 'lines' : 'list'
  return 'text'
}

/** As the tool wants them; what was left empty is left out. */
export function argumentsOf(fields: readonly Field[], typed: Readonly<Record<string, string | boolean>>): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const { name, kind } of fields) {
    const value = typed[name]
    if (typeof value === 'boolean') values[name] = value
    else if (value?.trim()) values[name] = readValue(kind, value.trim())
  }
  return values
}

function readValue(kind: Field['kind'], value: string): unknown {
  const rows = value.split('\n').map((row) => row.trim()).filter(Boolean)
  if (kind === 'list') return rows
  return kind === 'lines' ? rows.map(readLine) : value
}

/** 「两人帐 ×2」, "tent x2", or a name alone for one. */
function readLine(row: string): { words: string; quantity: number } {
  const found = /^(.*?)\s*[×xX*]\s*(\d{1,3})\s*[件个顶张条只]?$/.exec(row)
  return { words: found?.[1] || row, quantity: Math.max(1, Number(found?.[2] ?? 1)) }
}
