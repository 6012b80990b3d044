import type { KnowledgeDocument } from '@yingke/api'
import { computed, ref } from 'vue'
import { api } from '@/api'
import { useLoad } from '../../pieces/use-load'
import { usePolling } from '../../pieces/use-polling'
import { isWorking } from './file-steps'

/** The workspace's documents, newest first, refreshed every second while one of them is being worked on. */
export function useDocuments(onReady: (document: KnowledgeDocument) => void) {
  const added = ref<KnowledgeDocument[]>([])
  const gone = ref(new Set<string>())
  const list = useLoad(readAll)

  const documents = computed(() => {
    const stored = list.data.value ?? []
    const known = new Set(stored.map((document) => document.id))
    const all = [...added.value.filter((document) => !known.has(document.id)), ...stored]
    return all.filter((document) => !gone.value.has(document.id))
  })

  async function readAll(): Promise<KnowledgeDocument[]> {
    const all: KnowledgeDocument[] = []
    let after: string | undefined
    do {
      const page = await api('GET /v1/knowledge/documents', { query: { limit: 200, after } })
      all.push(...page.items)
      after = page.next ?? undefined
    } while (after)
    tellReady(all)
    return all
  }

  function tellReady(next: KnowledgeDocument[]): void {
    const before = new Map(documents.value.map((document) => [document.id, document]))
    for (const document of next) {
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

  function hide(id: string): void {
    gone.value = new Set([...gone.value, id])
  }

  function unhide(id: string): void {
    gone.value = new Set([...gone.value].filter((one) => one !== id))
  }

  usePolling(list.reload, 1000, () => documents.value.some(isWorking))
  return { ...list, documents, put, hide, unhide }
}
