import type { ConversationCounts } from '@yingke/api'
import { defineStore } from 'pinia'
import { shallowRef } from 'vue'

import { api } from '@/api'
import { waitingCount } from '@/shell/page-title'

const QUIET_MILLISECONDS = 400
const AT_MOST_MILLISECONDS = 2000

/** How many conversations are mine, waiting, all; asked again shortly after events, never more than once in 2 s. */
export const useCounts = defineStore('counts', () => {
  const counts = shallowRef<ConversationCounts>({ mine: 0, mine_unanswered: 0, waiting: 0, all: 0 })
  let timer = 0
  let lastAt = 0

  async function fetchNow(): Promise<void> {
    timer = 0
    lastAt = Date.now()
    try {
      counts.value = await api('GET /v1/conversations/counts')
      waitingCount.value = counts.value.mine_unanswered
    } catch {
      // The next event asks again; the list itself shows its own trouble.
    }
  }

  function refreshSoon(): void {
    if (timer) return
    const wait = Math.max(QUIET_MILLISECONDS, lastAt + AT_MOST_MILLISECONDS - Date.now())
    timer = window.setTimeout(() => void fetchNow(), wait)
  }

  function clear(): void {
    window.clearTimeout(timer)
    timer = 0
    waitingCount.value = 0
  }

  return { counts, fetchNow, refreshSoon, clear }
})
