import type { BodyOf } from '@yingke/api'
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'

import { api } from '@/api'
import { useLive } from '@/stores/live'

type Switch = BodyOf<'PUT /v1/conversations/{conversation_id}/translation'>

const TOGETHER_MILLISECONDS = 400

/** The open conversation in the agents' language: by a model, beside the original. */
export const useTranslations = defineStore('translations', () => {
  const live = useLive()
  const id = ref<string | null>(null)
  const language = ref('')
  const isOn = ref(false)
  const isAvailable = ref(false)
  const texts = shallowRef<ReadonlyMap<number, string>>(new Map())
  let timer = 0

  type View = Awaited<ReturnType<typeof fetchView>>
  const fetchView = (of: string) => api('GET /v1/conversations/{conversation_id}/translations', { path: { conversation_id: of } })

  function take(of: string, view: View): void {
    if (id.value !== of) return
    language.value = view.language
    isOn.value = view.is_on
    isAvailable.value = view.is_available
    texts.value = new Map(view.items.map((item) => [item.seq, item.text]))
  }

  /** Opens another conversation, or asks for what was said since. A failure leaves the original, which is always there. */
  async function open(next: string): Promise<void> {
    if (id.value !== next) {
      id.value = next
      texts.value = new Map()
      isOn.value = isAvailable.value = false
    }
    await api('POST /v1/conversations/{conversation_id}/translations', { path: { conversation_id: next } })
      .then((view) => take(next, view))
      .catch(() => undefined)
  }

  async function turn(body: Switch): Promise<void> {
    const of = id.value
    if (of) take(of, await api('PUT /v1/conversations/{conversation_id}/translation', { path: { conversation_id: of }, body }))
  }

  async function draft(text: string): Promise<string> {
    const view = await api('POST /v1/conversations/{conversation_id}/draft-translation', { path: { conversation_id: id.value ?? '' }, body: { text } })
    return view.text
  }

  live.on('event', (frame) => {
    if (frame.event !== 'message_translated' || frame.conversation_id !== id.value) return
    const of = frame.conversation_id
    window.clearTimeout(timer)
    timer = window.setTimeout(() => void fetchView(of).then((view) => take(of, view)).catch(() => undefined), TOGETHER_MILLISECONDS)
  })

  return { id, language, isOn, isAvailable, texts, open, turn, draft }
})

const CHINESE = /^zh/i

export function isForeign(language: string): boolean {
  return language !== '' && !CHINESE.test(language)
}

/** The name of a language in the language of the screen. */
export function languageName(tag: string, screen: string): string {
  try {
    return new Intl.DisplayNames([screen], { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag
  }
}
