import { type KnowledgeDocument, readProblem } from '@yingke/api'
import { currentLanguage, t } from '@yingke/i18n'
import { ref } from 'vue'
import { api } from '@/api'
import { isWorking } from '../knowledge/documents/file-steps'
import { sendFile } from '../knowledge/documents/send-file'
import { toTrouble } from '../pieces/trouble'
import { usePolling } from '../pieces/use-polling'

/** The file of line 5: fetched from the server (or given by the viewer), uploaded, followed until it answers. */
export function useDemoDocument(address: string) {
  const state = ref<'waiting' | 'working' | 'ready' | 'failed'>('waiting')
  const name = ref(t('demo.document_name'))
  const reason = ref('')
  let document: KnowledgeDocument | null = null

  async function fetchFile(): Promise<File> {
    const answer = await fetch(address, { headers: { 'Accept-Language': currentLanguage() } })
    if (!answer.ok) throw await readProblem(answer, currentLanguage())
    return new File([await answer.blob()], t('demo.document_name'), { type: 'application/pdf' })
  }

  async function add(file?: File): Promise<void> {
    if (state.value === 'working') return
    state.value = 'working'
    try {
      const chosen = file ?? (await fetchFile())
      name.value = chosen.name
      const form = new FormData()
      form.set('audience', 'customer')
      form.set('file', chosen, chosen.name)
      document = await sendFile({ method: 'POST', path: '/v1/knowledge/documents', form })
      settle(document)
    } catch (error) {
      reason.value = toTrouble(error).message
      state.value = 'failed'
    }
  }

  function settle(next: KnowledgeDocument): void {
    document = next
    if (isWorking(next)) return
    state.value = next.state === 'ready' ? 'ready' : 'failed'
    reason.value = next.reason?.text ?? ''
  }

  usePolling(
    async () => {
      if (!document) return
      const next = await api('GET /v1/knowledge/documents/{id}', { path: { id: document.id } }).catch(() => null)
      if (next) settle(next)
    },
    700,
    () => state.value === 'working' && document !== null,
  )
  return { state, name, reason, add }
}
