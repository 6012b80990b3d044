import { computed, shallowRef, type App, type ComputedRef } from 'vue'

export type Language = 'zh-CN' | 'en'
export interface Messages {
  readonly [key: string]: string | Messages
}
export type Params = Record<string, string | number>
export type Translate = (key: string, params?: Params) => string

const STORE_KEY = 'yingke.language'
const dictionary = shallowRef<ReadonlyMap<string, string>>(new Map())
const current = shallowRef<Language>(firstLanguage())

/** Adds messages under a prefix: `{title: '知识库'}` under 'knowledge' is `t('knowledge.title')`. */
export function addMessages(language: Language, prefix: string, messages: Messages): void {
  const next = new Map(dictionary.value)
  flatten(messages, `${language}:${prefix}`, next)
  dictionary.value = next
}

export function setLanguage(language: Language): void {
  current.value = language
  document.documentElement.lang = language
  try {
    localStorage.setItem(STORE_KEY, language)
  } catch {
    // Storage may be blocked; the choice then lives as long as the page.
  }
}

export function currentLanguage(): Language {
  return current.value
}

/** `{name}` is filled from params; "one thing | {n} things" picks by params.n. A missing key shows itself. */
export const t: Translate = (key, params) => {
  const text = dictionary.value.get(`${current.value}:${key}`)
  if (text === undefined) return key
  return params ? fill(pick(text, params), params) : text
}

export function useI18n(): { t: Translate; language: ComputedRef<Language> } {
  return { t, language: computed(() => current.value) }
}

/** `$t` in every template. */
export const i18n = {
  install(app: App): void {
    app.config.globalProperties.$t = t
    document.documentElement.lang = current.value
  },
}

function flatten(messages: Messages, prefix: string, into: Map<string, string>): void {
  for (const [key, value] of Object.entries(messages)) {
    if (typeof value === 'string') into.set(`${prefix}.${key}`, value)
    else flatten(value, `${prefix}.${key}`, into)
  }
}

function pick(text: string, params: Params): string {
  if (!text.includes(' | ') || params['n'] === undefined) return text
  const forms = text.split(' | ')
  return (params['n'] === 1 ? forms[0] : forms[1]) ?? text
}

function fill(text: string, params: Params): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole))
}

function firstLanguage(): Language {
  try {
    const stored = localStorage.getItem(STORE_KEY)
    if (stored === 'zh-CN' || stored === 'en') return stored
  } catch {
    // Falls through to the browser's language.
  }
  return navigator.language.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'
}

declare module 'vue' {
  interface ComponentCustomProperties {
    $t: Translate
  }
}
