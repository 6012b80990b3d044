import type { KnowledgeDocument } from '@yingke/api'
import { t } from '@yingke/i18n'
import { ref, shallowRef } from 'vue'
import { api } from '@/api'
import { toast } from '@/ui/toast'
import { toTrouble } from '../../pieces/trouble'
import { sendFile } from './send-file'

export type DocumentAct =
  | 'view'
  | 'edit'
  | 'retry'
  | 'pause'
  | 'resume'
  | 'cancel'
  | 'release'
  | 'release_customer'
  | 'release_staff'
  | 'delete'

interface Shown {
  put: (document: KnowledgeDocument) => void
  hide: (id: string) => void
  unhide: (id: string) => void
}

const undoTime = 10_000

/** What a person can do with one document. Deleting and cancelling hide at once and can be taken back. */
export function useDocumentActs(list: Shown) {
  const busy = ref<string | null>(null)
  const viewed = shallowRef<KnowledgeDocument | null>(null)
  const edited = shallowRef<KnowledgeDocument | null>(null)

  async function guarded(document: KnowledgeDocument, work: () => Promise<void>): Promise<void> {
    busy.value = document.id
    try {
      await work()
    } catch (error) {
      toast.bad(toTrouble(error))
    } finally {
      busy.value = null
    }
  }

  function run(document: KnowledgeDocument, act: DocumentAct): Promise<void> | void {
    if (act === 'view') viewed.value = document
    else if (act === 'edit') edited.value = document
    else return guarded(document, () => change(document, act))
  }

  async function change(document: KnowledgeDocument, act: Exclude<DocumentAct, 'view' | 'edit'>): Promise<void> {
    const path = { id: document.id }
    if (act === 'retry') list.put(await api('POST /v1/knowledge/documents/{id}/retry', { path }))
    else if (act === 'pause') list.put(await api('POST /v1/knowledge/documents/{id}/pause', { path }))
    else if (act === 'resume') list.put(await api('POST /v1/knowledge/documents/{id}/resumption', { path }))
    else if (act === 'cancel') await cancel(document)
    else if (act === 'delete') {
      await api('DELETE /v1/knowledge/documents/{id}', { path })
      offerReturn(document, t('knowledge.deleted', { name: document.name }))
    } else {
      const audience = { release: undefined, release_customer: 'customer', release_staff: 'staff' } as const
      const body = { audience: audience[act] }
      list.put(await api('POST /v1/knowledge/documents/{id}/release', { path, body }))
    }
  }

  async function cancel(document: KnowledgeDocument): Promise<void> {
    const after = await api('POST /v1/knowledge/documents/{id}/cancellation', { path: { id: document.id } })
    if (after.state === 'cancelled') return offerReturn(document, t('knowledge_documents.cancelled', { name: document.name }))
    list.put(after)
    toast.plain(t('knowledge_documents.version_cancelled', { n: after.version }), {
      lasts: undoTime,
      action: { label: t('pieces.undo'), act: () => void bringVersion(document) },
    })
  }

  function offerReturn(document: KnowledgeDocument, text: string): void {
    list.hide(document.id)
    toast.plain(text, { lasts: undoTime, action: { label: t('pieces.undo'), act: () => void restore(document) } })
  }

  function restore(document: KnowledgeDocument): Promise<void> {
    return guarded(document, async () => {
      const restored = await api('POST /v1/knowledge/documents/{id}/restoration', { path: { id: document.id }, isRepeatable: true })
      list.unhide(document.id)
      list.put(restored ?? document)
      toast.ok(t('knowledge.restored', { name: document.name }))
    })
  }

  function bringVersion(document: KnowledgeDocument): Promise<void> {
    return guarded(document, async () => {
      const path = { id: document.id, number: String(document.version) }
      await api('POST /v1/knowledge/documents/{id}/versions/{number}/rollback', { path })
      list.put(await api('GET /v1/knowledge/documents/{id}', { path: { id: document.id } }))
    })
  }

  function replace(document: KnowledgeDocument, file: File): Promise<void> {
    return guarded(document, async () => {
      const form = new FormData()
      form.set('file', file, file.name)
      const path = `/v1/knowledge/documents/${encodeURIComponent(document.id)}/file`
      const after = await sendFile({ method: 'PUT', path, form })
      list.put(after)
      if (after.version === document.version) tellUnchanged(after)
      else toast.ok(t('knowledge.replaced'))
    })
  }

  return { busy, viewed, edited, run, replace }
}

export function tellUnchanged(document: KnowledgeDocument): void {
  toast.plain(t('knowledge_documents.unchanged', { name: document.name, n: document.version }))
}
