import { computed, ref, type ComputedRef, type Ref, type WritableComputedRef } from 'vue'

import { api } from '@/api'
import { useLive } from '@/stores/live'
import { useMe } from '@/stores/me'
import { toast } from '@/ui/toast'
import { removeAttachment, trayOf } from './attachments'
import { readDraft, writeDraft } from './drafts'
import { useTalk } from './talk'
import { useSend } from './use-send'

const TYPING_EVERY_MILLISECONDS = 3000

export interface Composer {
  text: WritableComputedRef<string>
  isNote: ComputedRef<boolean>
  isBusy: Ref<boolean>
  isEmpty: ComputedRef<boolean>
  toggleNote: () => void
  tellTyping: () => void
  /** Sends or keeps what is there; false when there was nothing to send. */
  submit: () => Promise<boolean>
  /** Sends words that the agent was warned of. */
  confirm: () => Promise<boolean>
}

/** The words and files of one conversation. The id is fixed for the composer's life, so nothing can reach another customer. */
export function useComposer(conversationId: string): Composer {
  const me = useMe()
  const live = useLive()
  const talk = useTalk()
  const { send } = useSend()
  const isBusy = ref(false)
  const agentId = computed(() => me.me?.agent.id ?? '')
  const draft = computed(() => readDraft(agentId.value, conversationId))
  const isNote = computed(() => draft.value.isNote)
  const text = computed({
    get: () => draft.value.text,
    set: (value) => writeDraft(agentId.value, conversationId, { text: value, isNote: isNote.value }),
  })
  const isEmpty = computed(() => !text.value.trim() && (isNote.value || !trayOf(conversationId).length))
  let toldAt = 0

  function toggleNote(): void {
    writeDraft(agentId.value, conversationId, { text: text.value, isNote: !isNote.value })
  }

  function tellTyping(): void {
    if (isNote.value || !text.value || Date.now() - toldAt < TYPING_EVERY_MILLISECONDS) return
    toldAt = Date.now()
    live.typing(conversationId)
  }

  async function keepNote(): Promise<void> {
    const words = text.value.trim()
    isBusy.value = true
    try {
      talk.addNote(conversationId, await api('POST /v1/conversations/{conversation_id}/notes', { path: { conversation_id: conversationId }, body: { text: words } }))
      writeDraft(agentId.value, conversationId, { text: '', isNote: false })
    } catch (error) {
      toast.bad(error)
    } finally {
      isBusy.value = false
    }
  }

  async function sendFiles(): Promise<void> {
    const items = [...trayOf(conversationId)]
    await Promise.all(items.map((item) => item.done))
    for (const { key } of items) {
      const item = trayOf(conversationId).find((one) => one.key === key)
      if (item?.state !== 'ready' || !item.uploaded) continue
      void send(conversationId, { type: item.isPicture ? 'image' : 'file', file: item.uploaded })
      removeAttachment(conversationId, key)
    }
  }

  const confirm = (): Promise<boolean> => submit(true)

  async function submit(confirmed = false): Promise<boolean> {
    if (isEmpty.value || isBusy.value) return false
    if (isNote.value) {
      await keepNote()
      return true
    }
    const words = text.value.trim()
    writeDraft(agentId.value, conversationId, { text: '', isNote: false })
    if (trayOf(conversationId).length) {
      isBusy.value = true
      await sendFiles().finally(() => (isBusy.value = false))
    }
    if (words) void send(conversationId, { type: 'text', text: words, confirmed })
    return true
  }

  return { text, isNote, isBusy, isEmpty, toggleNote, tellTyping, submit: () => submit(), confirm }
}
