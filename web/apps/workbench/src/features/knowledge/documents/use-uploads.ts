import { ApiProblem, type KnowledgeDocument, newKey } from '@yingke/api'
import { t } from '@yingke/i18n'
import { onScopeDispose, ref } from 'vue'
import { toTrouble } from '../../pieces/trouble'
import type { Scope } from '../scope'
import { sendFile } from './send-file'

export interface Upload {
  key: string
  file: File
  scope: Scope
  sent: number
  state: 'waiting' | 'sending' | 'refused'
  trouble: ApiProblem | null
}

/** A file of the product's own limit; the server checks again and has the last word. */
export const largestFileMb = 50
const atOnce = 2

/** Files on their way to the server, two at a time; each becomes a document or says why not. */
export function useUploads(onStored: (document: KnowledgeDocument) => void) {
  const uploads = ref<Upload[]>([])
  const stops = new Map<string, AbortController>()

  function add(files: Iterable<File>, scope: Scope): void {
    for (const file of files) {
      const upload: Upload = {
        key: newKey(),
        file,
        scope: { ...scope },
        sent: 0,
        state: 'waiting',
        trouble: refusedHere(file),
      }
      if (upload.trouble) upload.state = 'refused'
      uploads.value.push(upload)
    }
    pump()
  }

  function pump(): void {
    const free = atOnce - uploads.value.filter((upload) => upload.state === 'sending').length
    const waiting = uploads.value.filter((upload) => upload.state === 'waiting')
    for (const upload of waiting.slice(0, Math.max(0, free))) void send(upload)
  }

  async function send(upload: Upload): Promise<void> {
    upload.state = 'sending'
    upload.sent = 0
    const stop = new AbortController()
    stops.set(upload.key, stop)
    const form = new FormData()
    form.set('audience', upload.scope.audience)
    if (upload.scope.shop_ids) form.set('shop_ids', upload.scope.shop_ids.join(','))
    form.set('file', upload.file, upload.file.name)
    try {
      const document = await sendFile({
        method: 'POST',
        path: '/v1/knowledge/documents',
        form,
        signal: stop.signal,
        onProgress: (sent) => (upload.sent = sent),
      })
      onStored(document)
      remove(upload.key)
    } catch (error) {
      if (error instanceof DOMException) return
      upload.state = 'refused'
      upload.trouble = toTrouble(error)
    } finally {
      stops.delete(upload.key)
      pump()
    }
  }

  function again(key: string): void {
    const upload = uploads.value.find((one) => one.key === key)
    if (!upload) return
    upload.trouble = refusedHere(upload.file)
    if (!upload.trouble) upload.state = 'waiting'
    pump()
  }

  function remove(key: string): void {
    stops.get(key)?.abort()
    uploads.value = uploads.value.filter((upload) => upload.key !== key)
    pump()
  }

  onScopeDispose(() => stops.forEach((stop) => stop.abort()))
  return { uploads, add, again, remove }
}

function refusedHere(file: File): ApiProblem | null {
  if (file.size === 0) return new ApiProblem({ status: 400, code: 'empty_file', detail: t('knowledge.empty_file') })
  if (file.size > largestFileMb * 1_048_576) {
    return new ApiProblem({ status: 413, code: 'too_big', detail: t('knowledge.too_big', { mb: largestFileMb }) })
  }
  return null
}
