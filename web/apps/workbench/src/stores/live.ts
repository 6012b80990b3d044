import { open_connection, type Connection, type ConnectionState } from '@yingke/live'
import { defineStore } from 'pinia'
import { computed, ref } from 'vue'

import { heldCsrfToken } from '@/api'
import { FrameBoard, type FrameHandler, type FrameType } from '@/live/frames'
import { useMe } from './me'

const LOST_AFTER_MILLISECONDS = 3000

/** The one socket of this tab. Events are resumed by cursor; the open conversation is opened again after every cut. */
export const useLive = defineStore('live', () => {
  const state = ref<ConnectionState>('ended')
  const isLost = ref(false)
  const board = new FrameBoard()
  let connection: Connection | null = null
  let cursor: string | null = null
  let opened: { id: string; afterSeq: () => number } | null = null
  let lostTimer = 0

  function start(): void {
    if (connection) return
    connection = open_connection({
      address: () => `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/v1/stream`,
      hello: () => ({ type: 'hello', after: cursor, csrf_token: heldCsrfToken() }),
      on_frame: (frame) => {
        if (typeof frame['cursor'] === 'string') cursor = frame['cursor']
        if (frame.type === 'ready') sendOpen()
        board.tell(frame)
      },
      on_state: watchState,
    })
  }

  function stop(): void {
    connection?.end()
    connection = null
    cursor = null
    opened = null
    window.clearTimeout(lostTimer)
    isLost.value = false
  }

  function watchState(next: ConnectionState): void {
    state.value = next
    if (next === 'online' || next === 'ended') {
      window.clearTimeout(lostTimer)
      lostTimer = 0
      isLost.value = false
    } else lostTimer ||= window.setTimeout(() => (isLost.value = true), LOST_AFTER_MILLISECONDS)
    if (next === 'refused') void useMe().refresh().then((known) => known && connection?.redial())
  }

  /** Messages of this conversation arrive from now on, from `afterSeq()` up; one is open at a time. */
  function open(id: string, afterSeq: () => number): void {
    if (opened && opened.id !== id) connection?.send({ type: 'close', conversation_id: opened.id })
    opened = { id, afterSeq }
    sendOpen()
  }

  function close(id: string): void {
    if (opened?.id !== id) return
    opened = null
    connection?.send({ type: 'close', conversation_id: id })
  }

  function sendOpen(): void {
    if (opened) connection?.send({ type: 'open', conversation_id: opened.id, after_seq: opened.afterSeq() })
  }

  function typing(id: string): void {
    connection?.send({ type: 'typing', conversation_id: id })
  }

  /** Returns the function that ends the subscription. */
  function on<T extends FrameType>(type: T, handler: FrameHandler<T>): () => void {
    return board.on(type, handler)
  }

  return { state, isLost, isOnline: computed(() => state.value === 'online'), start, stop, open, close, typing, on }
})
