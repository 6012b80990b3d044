import type { Message, Note } from '@yingke/api'
import { create_replies, create_timeline, type Reply, type Timeline } from '@yingke/live'
import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'

import { api } from '@/api'
import { useLive } from '@/stores/live'
import { settleOutgoing } from './outgoing'

const PAGE = 40
const KEPT_TALKS = 12
const TYPING_SHOWN_MILLISECONDS = 6000

interface Kept {
  timeline: Timeline<Message>
  notes: Note[]
}

/** What is said in the open conversation. History comes 40 messages at a time; the newest arrive by the stream. */
export const useTalk = defineStore('talk', () => {
  const live = useLive()
  const id = ref<string | null>(null)
  const messages = shallowRef<readonly Message[]>([])
  const notes = shallowRef<readonly Note[]>([])
  const replies = shallowRef<readonly Reply[]>([])
  const isLoading = ref(false)
  const isLoadingOlder = ref(false)
  const error = shallowRef<unknown>(null)
  const contactTypes = ref(false)
  const kept = new Map<string, Kept>()
  const streams = create_replies()
  let current: Kept | null = null
  let typingTimer = 0

  function show(): void {
    messages.value = current?.timeline.items() ?? []
    notes.value = current?.notes ?? []
    replies.value = streams.list().filter((reply) => reply.conversation_id === id.value)
  }

  async function open(next: string): Promise<void> {
    if (id.value === next && !error.value) return
    leave()
    id.value = next
    current = kept.get(next) ?? { timeline: create_timeline<Message>(), notes: [] }
    keep(next, current)
    show()
    isLoading.value = current.timeline.last() === 0
    error.value = null
    const mine = current
    try {
      const [page, noted] = await Promise.all([
        mine.timeline.last() ? null : api('GET /v1/conversations/{conversation_id}/messages', { path: { conversation_id: next }, query: { limit: PAGE } }),
        api('GET /v1/conversations/{conversation_id}/notes', { path: { conversation_id: next } }),
      ])
      if (page) mine.timeline.add_page(page.items)
      mine.notes = noted.items
      if (id.value !== next) return
      live.open(next, () => mine.timeline.last())
      show()
    } catch (problem) {
      if (id.value === next) error.value = problem
    } finally {
      if (id.value === next) isLoading.value = false
    }
  }

  function keep(key: string, talk: Kept): void {
    kept.delete(key)
    kept.set(key, talk)
    const oldest = kept.keys().next().value
    if (kept.size > KEPT_TALKS && oldest !== undefined) kept.delete(oldest)
  }

  function leave(): void {
    if (id.value) live.close(id.value)
    id.value = null
    current = null
    streams.clear()
    setTyping(false)
    show()
  }

  /** `beforeShown` runs right before the older messages appear, to measure what must not move. */
  async function loadOlder(beforeShown: () => void): Promise<void> {
    const mine = current
    const before = mine?.timeline.first() ?? 0
    if (!mine || !id.value || before <= 1 || isLoadingOlder.value) return
    isLoadingOlder.value = true
    try {
      const page = await api('GET /v1/conversations/{conversation_id}/messages', { path: { conversation_id: id.value }, query: { before_seq: before, limit: PAGE } })
      mine.timeline.add_page(page.items)
      isLoadingOlder.value = false
      if (current !== mine) return
      beforeShown()
      show()
    } finally {
      isLoadingOlder.value = false
    }
  }

  async function fillGap(mine: Kept, conversationId: string): Promise<void> {
    const page = await api('GET /v1/conversations/{conversation_id}/messages', {
      path: { conversation_id: conversationId },
      query: { after_seq: mine.timeline.last(), limit: 200 },
    })
    mine.timeline.add_page(page.items)
    if (current === mine) show()
  }

  /** Takes in one stored message, from the stream or as the answer to a send. */
  function add(message: Message): void {
    settleOutgoing(message)
    const mine = kept.get(message.conversation_id)
    if (!mine) return
    const placed = mine.timeline.add(message)
    if (placed === 'gap') void fillGap(mine, message.conversation_id).catch(() => undefined)
    if (message.from === 'contact' && mine === current) setTyping(false)
    if (mine === current) show()
  }

  function addNote(conversationId: string, note: Note): void {
    const mine = kept.get(conversationId)
    if (!mine || mine.notes.some((other) => other.id === note.id)) return
    mine.notes = [...mine.notes, note]
    if (mine === current) show()
  }

  async function refreshNotes(conversationId: string): Promise<void> {
    const mine = kept.get(conversationId)
    if (!mine) return
    mine.notes = (await api('GET /v1/conversations/{conversation_id}/notes', { path: { conversation_id: conversationId } })).items
    if (mine === current) show()
  }

  function markFeedback(conversationId: string, data: Record<string, unknown> | undefined): void {
    const mine = kept.get(conversationId)
    const message = mine?.timeline.items().find(({ id: known }) => known === data?.['message_id'])
    const verdict = data?.['verdict']
    if (!mine || !message || (verdict !== 'up' && verdict !== 'down' && verdict !== 'report')) return
    mine.timeline.add({ ...message, feedback: verdict })
    if (mine === current) show()
  }

  function setTyping(isTyping: boolean): void {
    window.clearTimeout(typingTimer)
    contactTypes.value = isTyping
    if (isTyping) typingTimer = window.setTimeout(() => (contactTypes.value = false), TYPING_SHOWN_MILLISECONDS)
  }

  function connect(): () => void {
    const ends = [
      live.on('message', ({ message }) => {
        if (message.reply_id) streams.finish(message.reply_id)
        add(message)
      }),
      live.on('reply_delta', (delta) => {
        streams.add(delta.reply_id, delta.conversation_id, delta.n, delta.text)
        show()
      }),
      live.on('reply_dropped', ({ reply_id }) => {
        streams.finish(reply_id)
        show()
      }),
      live.on('ready', () => {
        streams.clear()
        show()
      }),
      live.on('typing', (frame) => {
        if (frame.conversation_id === id.value && frame.from === 'contact') setTyping(true)
      }),
      live.on('event', ({ event, conversation_id, data }) => {
        if (event === 'feedback_created' && conversation_id) markFeedback(conversation_id, data)
        if (event === 'note_created' && conversation_id) void refreshNotes(conversation_id).catch(() => undefined)
      }),
    ]
    return () => ends.forEach((end) => end())
  }

  return {
    id, messages, notes, replies, isLoading, isLoadingOlder, error, contactTypes,
    open, leave, loadOlder, add, addNote, connect,
  }
})
