import type { DocumentState, KnowledgeDocument } from '@yingke/api'
import { computed, reactive, ref, watch } from 'vue'
import { api } from '@/api'
import { useLoad } from '../../pieces/use-load'
import { usePolling } from '../../pieces/use-polling'
import type { Audience } from '../scope'
import { isWorking } from './file-steps'

export type StateGroup = 'ready' | 'working' | 'paused' | 'failed' | 'held'

export const stateGroups: Record<StateGroup, DocumentState[]> = {
  ready: ['ready'],
  working: ['queued', 'parsing', 'indexing', 'checking'],
  paused: ['paused'],
  failed: ['failed'],
  held: ['held'],
}
const pageSize = 50
const typingPause = 250

export interface DocumentFilter {
  text: string
  state: StateGroup | ''
  audience: Audience | ''
  shop: string
}

type Counts = Partial<Record<DocumentState, number>>

/** The workspace's documents, newest first, a page at a time, refreshed every second while one is being worked on. */
export function useDocuments(onReady: (document: KnowledgeDocument) => void) {
  const filter = reactive<DocumentFilter>({ text: '', state: '', audience: '', shop: '' })
  const isFiltered = computed(() => Boolean(filter.text.trim() || filter.state || filter.audience || filter.shop))
  const added = ref<KnowledgeDocument[]>([])
  const gone = ref(new Set<string>())
  const next = ref<string | null>(null)
  const counts = ref<Counts>({})
  let wanted = pageSize
  const list = useLoad(readAll)

  const documents = computed(() => {
    const stored = list.data.value ?? []
    const known = new Set(stored.map((document) => document.id))
    const fresh = isFiltered.value ? [] : added.value.filter((document) => !known.has(document.id))
    return [...fresh, ...stored].filter((document) => !gone.value.has(document.id))
  })

  function query(after?: string) {
    return {
      limit: Math.min(200, wanted),
      after,
      text: filter.text.trim() || undefined,
      state: filter.state ? stateGroups[filter.state] : undefined,
      audience: filter.audience || undefined,
      shop_id: filter.shop || undefined,
    }
  }

  async function readAll(): Promise<KnowledgeDocument[]> {
    const all: KnowledgeDocument[] = []
    const [, numbers] = await Promise.all([readPages(all), api('GET /v1/knowledge/document-counts')])
    counts.value = numbers
    tellReady(all)
    return all
  }

  async function readPages(all: KnowledgeDocument[]): Promise<void> {
    let after: string | undefined
    do {
      const page = await api('GET /v1/knowledge/documents', { query: query(after) })
      all.push(...page.items)
      after = page.next ?? undefined
    } while (after && all.length < wanted)
    next.value = after ?? null
  }

  function more(): Promise<void> {
    wanted = (list.data.value?.length ?? 0) + pageSize
    return list.reload()
  }

  function tellReady(fresh: KnowledgeDocument[]): void {
    const before = new Map(documents.value.map((document) => [document.id, document]))
    for (const document of fresh) {
      const old = before.get(document.id)
      if (old && isWorking(old) && document.state === 'ready') onReady(document)
    }
  }

  /** Shows what a call answered before the next reading of the list. */
  function put(document: KnowledgeDocument): void {
    const stored = list.data.value ?? []
    if (stored.some((one) => one.id === document.id)) {
      list.data.value = stored.map((one) => (one.id === document.id ? document : one))
    } else {
      added.value = [document, ...added.value.filter((one) => one.id !== document.id)]
    }
  }

  function hide(...ids: string[]): void {
    gone.value = new Set([...gone.value, ...ids])
  }

  function unhide(...ids: string[]): void {
    gone.value = new Set([...gone.value].filter((one) => !ids.includes(one)))
  }

  let typing: ReturnType<typeof setTimeout> | undefined
  watch(filter, () => {
    clearTimeout(typing)
    wanted = pageSize
    typing = setTimeout(() => void list.reload(), typingPause)
  })

  const hasWork = computed(() => stateGroups.working.some((state) => counts.value[state]))
  usePolling(list.reload, 1000, () => hasWork.value || documents.value.some(isWorking))
  return { ...list, documents, filter, isFiltered, counts, next, more, put, hide, unhide }
}
