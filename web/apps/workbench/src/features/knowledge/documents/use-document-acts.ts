import type { KnowledgeDocument } from '@yingke/api'
import { t } from '@yingke/i18n'
import { ref, shallowRef } from 'vue'
import { api } from '@/api'
import { toast } from '@/ui/toast'
import { toTrouble } from '../../pieces/trouble'
import type { DocumentAct } from './DocumentRow.vue'
import { sendFile } from './send-file'
import type { useDocuments } from './use-documents'

/** What a person can do with one document of the list. Deleting hides at once and can be taken back. */
export function useDocumentActs(list: ReturnType<typeof useDocuments>) {
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
    const path = { id: document.id }
    if (act === 'view') viewed.value = document
    else if (act === 'edit') edited.value = document
    else if (act === 'retry') {
      return guarded(document, async () => list.put(await api('POST /v1/knowledge/documents/{id}/retry', { path })))
    } else if (act === 'release_customer' || act === 'release_staff') {
      const body = { audience: act === 'release_staff' ? ('staff' as const) : ('customer' as const) }
      return guarded(document, async () =>
        list.put(await api('POST /v1/knowledge/documents/{id}/release', { path, body })),
      )
    } else {
      return guarded(document, async () => {
        await api('DELETE /v1/knowledge/documents/{id}', { path })
        list.hide(document.id)
        toast.plain(t('knowledge.deleted', { name: document.name }), {
          lasts: 10_000,
          action: { label: t('pieces.undo'), act: () => void restore(document) },
        })
      })
    }
  }

  function restore(document: KnowledgeDocument): Promise<void> {
    return guarded(document, async () => {
      const restored = await api('POST /v1/knowledge/documents/{id}/restoration', { path: { id: document.id } })
      list.unhide(document.id)
      list.put(restored ?? document)
      toast.ok(t('knowledge.restored', { name: document.name }))
    })
  }

  function replace(document: KnowledgeDocument, file: File): Promise<void> {
    return guarded(document, async () => {
      const form = new FormData()
      form.set('file', file, file.name)
      list.put(
        await sendFile({
          method: 'PUT',
          path: `/v1/knowledge/documents/${encodeURIComponent(document.id)}/file`,
          form,
        }),
      )
      toast.ok(t('knowledge.replaced'))
    })
  }

  return { busy, viewed, edited, run, replace }
}
