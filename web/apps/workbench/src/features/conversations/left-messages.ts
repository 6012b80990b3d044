import { useQuery, useQueryClient, type UseQueryReturnType } from '@tanstack/vue-query'
import type { LeftMessage } from '@yingke/api'
import { onScopeDispose } from 'vue'

import { api } from '@/api'
import { useLive } from '@/stores/live'

const KEY = ['left-messages']

/** What visitors left outside working hours and nobody has seen to yet, newest first. */
export function useLeftMessages(): UseQueryReturnType<LeftMessage[], Error> {
  const client = useQueryClient()
  const end = useLive().on('event', ({ event }) => {
    if (event === 'left_message_created') void client.invalidateQueries({ queryKey: KEY })
  })
  onScopeDispose(end)
  return useQuery({
    queryKey: KEY,
    queryFn: async () => (await api('GET /v1/left-messages', { query: { handled: false, limit: 100 } })).items,
  })
}

export function useSettleLeftMessage(): (id: string) => Promise<void> {
  const client = useQueryClient()
  return async (id) => {
    await api('POST /v1/left-messages/{left_message_id}/handling', { path: { left_message_id: id } })
    client.setQueryData<LeftMessage[]>(KEY, (held) => held?.filter((one) => one.id !== id))
  }
}
