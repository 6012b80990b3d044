import type { Answer } from '@yingke/api'
import { t } from '@yingke/i18n'
import { computed, ref, watch } from 'vue'
import { useRoute } from 'vue-router'
import { api } from '@/api'
import { toast } from '@/ui/toast'
import { toTrouble } from '../../pieces/trouble'
import { useLoad } from '../../pieces/use-load'

export type Contradiction = Answer<'GET /v1/knowledge/contradictions'>['items'][number]
export type Side = Contradiction['left']
export type Shown = Contradiction['state']

const pageSize = 20

/** The list of one state, its counts, and what is decided; every decision can be taken back for some seconds. */
export function useContradictions() {
  const route = useRoute()
  const shown = ref<Shown>('open')
  const busy = ref<string | null>(null)
  const documentId = computed(() => (typeof route.query.document === 'string' ? route.query.document : undefined))
  let wanted = pageSize
  const list = useLoad(async () => {
    const query = { state: shown.value, document_id: documentId.value, limit: wanted }
    const [page, counts] = await Promise.all([
      api('GET /v1/knowledge/contradictions', { query }),
      api('GET /v1/knowledge/contradiction-counts'),
    ])
    return { ...page, counts }
  })
  watch([shown, documentId], () => {
    wanted = pageSize
    list.data.value = null
    void list.reload()
  })

  function more(): Promise<void> {
    wanted = Math.min(100, wanted + pageSize)
    return list.reload()
  }

  async function guarded(one: Contradiction, work: () => Promise<void>): Promise<void> {
    busy.value = one.id
    try {
      await work()
      await list.reload()
    } catch (error) {
      toast.bad(toTrouble(error))
    } finally {
      busy.value = null
    }
  }

  function keep(one: Contradiction, side: 'left' | 'right'): Promise<void> {
    return guarded(one, async () => {
      await api('POST /v1/knowledge/contradictions/{id}/settlement', { path: { id: one.id }, body: { keep: side } })
      tell(t('knowledge_contradictions.kept', { name: nameOf(one[side]) }), () => takeBack(one))
    })
  }

  function ignore(one: Contradiction): Promise<void> {
    return guarded(one, async () => {
      await api('POST /v1/knowledge/contradictions/{id}/dismissal', { path: { id: one.id } })
      tell(t('knowledge_contradictions.dismissed'), () => reopen(one))
    })
  }

  function reopen(one: Contradiction): Promise<void> {
    return guarded(one, async () => {
      await api('POST /v1/knowledge/contradictions/{id}/reopening', { path: { id: one.id } })
    })
  }

  /** Ranks return to what they were before the decision. */
  function takeBack(one: Contradiction): Promise<void> {
    return guarded(one, async () => {
      await api('POST /v1/knowledge/contradictions/{id}/reopening', { path: { id: one.id } })
      for (const side of [one.left, one.right]) {
        if (!side.document_id || !side.rank) continue
        await api('PATCH /v1/knowledge/documents/{id}', { path: { id: side.document_id }, body: { rank: side.rank } })
      }
    })
  }

  function tell(text: string, undo: () => Promise<void>): void {
    toast.ok(text, { lasts: 10_000, action: { label: t('pieces.undo'), act: () => void undo() } })
  }

  return { list, shown, busy, documentId, more, keep, ignore, reopen }
}

export function nameOf(side: Side): string {
  return side.name ?? t('knowledge_contradictions.qa_pair')
}
