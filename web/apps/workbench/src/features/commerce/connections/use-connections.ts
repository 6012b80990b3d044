import { useI18n } from '@yingke/i18n'
import { api } from '@/api'
import { toast } from '@/ui/toast'
import { toTrouble } from '../../pieces/trouble'
import { useLoad } from '../../pieces/use-load'
import { usePolling } from '../../pieces/use-polling'
import { isSyncing, type Connection } from './connections'

/** The connections, followed while any of them is being read. */
export function useConnections() {
  const { t } = useI18n()
  const list = useLoad(async () => (await api('GET /v1/shop-connections')).items)
  usePolling(list.reload, 1500, () => list.data.value?.some(isSyncing) ?? false)
  usePolling(list.reload, 30_000, () => (list.data.value?.length ?? 0) > 0)

  async function act(one: Connection, what: 'sync' | 'pause' | 'resume'): Promise<void> {
    const path = { id: one.id }
    try {
      if (what === 'sync') await api('POST /v1/shop-connections/{id}/sync', { path })
      else if (what === 'pause') await api('POST /v1/shop-connections/{id}/pause', { path })
      else await api('DELETE /v1/shop-connections/{id}/pause', { path })
      toast.ok(t({ sync: 'commerce_connections.sync_queued', pause: 'commerce_connections.paused', resume: 'commerce_connections.resumed' }[what]))
    } catch (error) {
      toast.bad(toTrouble(error))
    }
    await list.reload()
    // A job begins within a second or two.
    setTimeout(() => void list.reload(), 2000)
  }

  return { list, act }
}
