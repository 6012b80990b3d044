import type { Conversation } from '@yingke/api'
import { shallowRef } from 'vue'
import { api } from '@/api'
import { usePolling } from '../pieces/use-polling'

/** The newest conversation of a shop in which somebody has spoken, looked at every 1.5 s. */
export function useLatest(shopId: string) {
  const conversation = shallowRef<Conversation | null>(null)

  async function look(): Promise<void> {
    const page = await api('GET /v1/conversations', { query: { view: 'all', shop_id: shopId, limit: 5 } }).catch(
      () => null,
    )
    const newest = page?.items.find((one) => one.contact_messages > 0 && one.status === 'open')
    if (newest) conversation.value = newest
  }

  usePolling(look, 1500, () => true)
  void look()
  return { conversation, look }
}
