import type { BodyOf } from '@yingke/api'
import { t } from '@yingke/i18n'
import { computed, ref } from 'vue'
import { api } from '@/api'
import { toast } from '@/ui/toast'
import { toTrouble } from '../../pieces/trouble'

export type BulkAction = BodyOf<'POST /v1/knowledge/documents/bulk'>['action']

const done: Partial<Record<BulkAction, string>> = {
  pause: 'did_pause',
  resume: 'did_resume',
  retry: 'did_retry',
  delete: 'did_delete',
  restore: 'did_restore',
  release_customer: 'did_release',
  release_staff: 'did_release',
}

/** The documents a person has ticked, and one act on all of them, or on every document it fits. */
export function useBulk(list: { reload: () => Promise<void>; hide: (...ids: string[]) => void; unhide: (...ids: string[]) => void }) {
  const picked = ref(new Set<string>())
  const isBusy = ref(false)
  const count = computed(() => picked.value.size)

  function pick(id: string, isPicked: boolean): void {
    const next = new Set(picked.value)
    if (isPicked) next.add(id)
    else next.delete(id)
    picked.value = next
  }

  function clear(): void {
    picked.value = new Set()
  }

  async function run(action: BulkAction, ids: string[] | null): Promise<void> {
    isBusy.value = true
    try {
      const changed: string[] = []
      let hasMore = true
      while (hasMore) {
        const answer = await api('POST /v1/knowledge/documents/bulk', { body: { action, ids }, isRepeatable: true })
        changed.push(...answer.ids)
        hasMore = answer.has_more
      }
      tell(action, changed)
      clear()
      await list.reload()
    } catch (error) {
      toast.bad(toTrouble(error))
    } finally {
      isBusy.value = false
    }
  }

  function tell(action: BulkAction, ids: string[]): void {
    const key = done[action]
    if (!ids.length || !key) return void toast.plain(t('knowledge_documents.did_nothing'))
    const text = t(`knowledge_documents.${key}`, { n: ids.length })
    if (action !== 'delete') {
      if (action === 'restore') list.unhide(...ids)
      return void toast.ok(text)
    }
    list.hide(...ids)
    const undo = { label: t('pieces.undo'), act: () => void run('restore', ids) }
    toast.plain(text, { lasts: 10_000, action: undo })
  }

  return { picked, count, isBusy, pick, clear, run }
}
