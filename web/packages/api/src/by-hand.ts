/** The few types that OpenAPI cannot express; everything else is generated. */
import type { Language } from './types'

/** A list of anything: OpenAPI has one schema for each kind. */
export interface Page<T> {
  items: T[]
  next: string | null
}

/** The same in both languages, either may be missing. */
export type Localized<T> = Partial<Record<Language, T>>
