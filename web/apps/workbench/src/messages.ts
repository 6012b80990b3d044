import { addMessages, type Language, type Messages } from '@yingke/i18n'

import shellEnglish from './shell/messages.en'
import shellChinese from './shell/messages.zh'

interface MessageModule {
  default: Messages
}

const chinese = import.meta.glob<MessageModule>('./features/**/messages.zh.ts')
const english = import.meta.glob<MessageModule>('./features/**/messages.en.ts')
const loaded = new Set<string>()

export function loadShellMessages(): void {
  addMessages('zh-CN', 'shell', shellChinese)
  addMessages('en', 'shell', shellEnglish)
}

/**
 * Loads the messages of a feature in one language, once. Features without messages are fine. The words of a part such
 * as `knowledge/pairs` are spoken as `knowledge_pairs.…`.
 */
export async function loadMessages(feature: string, language: Language): Promise<void> {
  const key = `${language}/${feature}`
  if (loaded.has(key)) return
  const find = language === 'zh-CN' ? chinese : english
  const file = language === 'zh-CN' ? 'messages.zh.ts' : 'messages.en.ts'
  const module = await find[`./features/${feature}/${file}`]?.()
  if (module) addMessages(language, feature.replace('/', '_'), module.default)
  loaded.add(key)
}

/** Loads what has been loaded so far in the other language too, before a language change shows. */
export async function loadAllMessages(language: Language): Promise<void> {
  const features = [...loaded].map((key) => key.slice(key.indexOf('/') + 1))
  await Promise.all(features.map((feature) => loadMessages(feature, language)))
}
