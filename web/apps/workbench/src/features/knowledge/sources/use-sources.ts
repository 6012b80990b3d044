import type { Answer } from '@yingke/api'
import { useI18n } from '@yingke/i18n'
import { api } from '@/api'
import { toast } from '@/ui/toast'
import { toTrouble } from '../../pieces/trouble'
import { useLoad } from '../../pieces/use-load'
import { usePolling } from '../../pieces/use-polling'

export type Source = Answer<'GET /v1/knowledge/sources/{id}'>
export type SourceAct = 'sync' | 'pause' | 'resume' | 'delete'

/** The sources, followed while any of them is being read. */
export function useSources() {
  const { t } = useI18n()
  const list = useLoad(async () => (await api('GET /v1/knowledge/sources', { query: { limit: 200 } })).items)
  const isBusy = (source: Source): boolean => source.state === 'queued' || source.state === 'fetching'
  usePolling(list.reload, 1500, () => list.data.value?.some(isBusy) ?? false)
  usePolling(list.reload, 30_000, () => list.data.value?.some((source) => source.every_hours) ?? false)

  async function act(source: Source, what: SourceAct): Promise<void> {
    const path = { id: source.id }
    try {
      if (what === 'sync') {
        await api('POST /v1/knowledge/sources/{id}/sync', { path })
        toast.ok(t('knowledge_sources.syncing'))
      } else if (what === 'pause') {
        await api('POST /v1/knowledge/sources/{id}/pause', { path })
        toast.ok(t('knowledge_sources.paused'))
      } else if (what === 'resume') {
        await api('DELETE /v1/knowledge/sources/{id}/pause', { path })
        toast.ok(t('knowledge_sources.resumed'))
      } else {
        await api('DELETE /v1/knowledge/sources/{id}', { path })
        toast.ok(t('knowledge_sources.deleted', { n: source.pages }), {
          action: { label: t('knowledge_sources.undo'), act: () => void restore(source) },
        })
      }
    } catch (error) {
      toast.bad(toTrouble(error))
    }
    await list.reload()
  }

  async function restore(source: Source): Promise<void> {
    try {
      await api('POST /v1/knowledge/sources/{id}/restoration', { path: { id: source.id }, isRepeatable: true })
      toast.ok(t('knowledge_sources.restored'))
    } catch (error) {
      toast.bad(toTrouble(error))
    }
    await list.reload()
  }

  return { list, act }
}
