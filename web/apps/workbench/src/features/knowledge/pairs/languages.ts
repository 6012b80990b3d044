/** Languages that a further answer can be written in; others come through imports and are shown by their tag. */
export const languages = ['en', 'ja', 'ko', 'es', 'fr', 'de', 'ru', 'th', 'vi', 'zh-Hant', 'zh'] as const

export function languageName(t: (key: string) => string, tag: string): string {
  return (languages as readonly string[]).includes(tag) ? t(`knowledge_pairs.lang_${tag}`) : tag
}
