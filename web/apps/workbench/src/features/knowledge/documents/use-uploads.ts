import { ApiProblem, type KnowledgeDocument, newKey } from '@yingke/api'
import { t } from '@yingke/i18n'
import { computed, onScopeDispose, ref } from 'vue'
import { api } from '@/api'
import { toTrouble } from '../../pieces/trouble'
import type { Scope } from '../scope'
import { sendFile } from './send-file'

type IfSameName = 'ask' | 'replace' | 'new'

export interface Upload {
  key: string
  file: File
  scope: Scope
  sent: number
  /** asking: a document of this name is here already, and a person decides. */
  state: 'waiting' | 'sending' | 'asking' | 'refused'
  ifSameName: IfSameName
  trouble: ApiProblem | null
}

/** A file of the product's own limit; the server checks again and has the last word. */
export const largestFileMb = 50
const atOnce = 3

/** Files on their way to the server, three at a time; each becomes a document, asks, or says why not. */
export function useUploads(onStored: (document: KnowledgeDocument, isUnchanged: boolean) => void) {
  const uploads = ref<Upload[]>([])
  const stored = ref(0)
  let restsUntil = 0
  let waking: ReturnType<typeof setTimeout> | undefined
  const stops = new Map<string, AbortController>()
  const counts = computed(() => {
    const of = (state: Upload['state']): number => uploads.value.filter((upload) => upload.state === state).length
    const open = { waiting: of('waiting'), sending: of('sending'), asking: of('asking'), refused: of('refused') }
    return { ...open, stored: stored.value, all: stored.value + uploads.value.length }
  })

  function add(files: Iterable<File>, scope: Scope): void {
    if (!uploads.value.length) stored.value = 0
    for (const file of files) {
      const trouble = refusedHere(file)
      uploads.value.push({
        key: newKey(),
        file,
        scope: { ...scope },
        sent: 0,
        state: trouble ? 'refused' : 'waiting',
        ifSameName: 'ask',
        trouble,
      })
    }
    pump()
  }

  function pump(): void {
    if (Date.now() < restsUntil) return
    const free = atOnce - counts.value.sending
    const waiting = uploads.value.filter((upload) => upload.state === 'waiting')
    for (const upload of waiting.slice(0, Math.max(0, free))) void send(upload)
  }

  async function send(upload: Upload): Promise<void> {
    upload.state = 'sending'
    upload.sent = 0
    const stop = new AbortController()
    stops.set(upload.key, stop)
    try {
      const same = upload.ifSameName === 'new' ? null : await findSame(upload.file.name, stop.signal)
      if (same && upload.ifSameName === 'ask') {
        upload.state = 'asking'
        return
      }
      const form = formOf(upload)
      const onProgress = (sent: number): void => void (upload.sent = sent)
      const path = '/v1/knowledge/documents'
      const document = await sendFile({ method: 'POST', path, form, signal: stop.signal, onProgress })
      stored.value++
      onStored(document, document.id === same?.id && document.version === same.version)
      remove(upload.key)
    } catch (error) {
      if (error instanceof DOMException) return
      const trouble = toTrouble(error)
      if (isBusy(trouble)) return waitAWhile(upload, trouble)
      upload.state = trouble.code === 'same_name' ? 'asking' : 'refused'
      upload.trouble = trouble.code === 'same_name' ? null : trouble
    } finally {
      stops.delete(upload.key)
      pump()
    }
  }

  /** The server asks for patience: nothing is wrong with the file. */
  function waitAWhile(upload: Upload, trouble: ApiProblem): void {
    upload.state = 'waiting'
    restsUntil = Date.now() + 1000 * Math.min(30, Math.max(1, trouble.retryAfter ?? 2))
    clearTimeout(waking)
    waking = setTimeout(pump, restsUntil - Date.now())
  }

  function again(key?: string): void {
    for (const upload of uploads.value.filter((one) => one.state === 'refused' && (!key || one.key === key))) {
      upload.trouble = refusedHere(upload.file)
      if (!upload.trouble) upload.state = 'waiting'
    }
    pump()
  }

  /** What to do with a file whose name is taken; without a key, with all of them. */
  function decide(ifSameName: 'replace' | 'new', key?: string): void {
    for (const upload of uploads.value.filter((one) => one.state === 'asking' && (!key || one.key === key))) {
      upload.ifSameName = ifSameName
      upload.state = 'waiting'
    }
    pump()
  }

  function remove(key: string): void {
    stops.get(key)?.abort()
    uploads.value = uploads.value.filter((upload) => upload.key !== key)
    pump()
  }

  function stopAll(): void {
    uploads.value.map((upload) => upload.key).forEach(remove)
  }

  onScopeDispose(() => {
    clearTimeout(waking)
    stops.forEach((stop) => stop.abort())
  })
  return { uploads, counts, add, again, decide, remove, stopAll }
}

function isBusy(trouble: ApiProblem): boolean {
  return trouble.status === 429 || trouble.status === 503
}

function formOf(upload: Upload): FormData {
  const form = new FormData()
  form.set('audience', upload.scope.audience)
  if (upload.scope.shop_ids) form.set('shop_ids', upload.scope.shop_ids.join(','))
  form.set('if_same_name', upload.ifSameName)
  form.set('file', upload.file, upload.file.name)
  return form
}

/** Asked before the bytes travel, so that nothing large is sent twice. */
async function findSame(name: string, signal: AbortSignal): Promise<KnowledgeDocument | null> {
  const page = await api('GET /v1/knowledge/documents', { query: { name, limit: 1 }, signal })
  return page.items[0] ?? null
}

function refusedHere(file: File): ApiProblem | null {
  if (file.size === 0) return new ApiProblem({ status: 400, code: 'empty_file', detail: t('knowledge.empty_file') })
  if (file.size > largestFileMb * 1_048_576) {
    return new ApiProblem({ status: 413, code: 'too_big', detail: t('knowledge.too_big', { mb: largestFileMb }) })
  }
  return null
}
