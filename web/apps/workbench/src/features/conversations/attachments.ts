import { newKey, type UploadedFile } from '@yingke/api'
import { reactive } from 'vue'

import { api } from '@/api'

export interface Attachment {
  key: string
  name: string
  isPicture: boolean
  /** Object URL of a picture; freed when it leaves the tray. */
  preview: string | null
  state: 'uploading' | 'ready' | 'failed'
  problem: string | null
  uploaded: UploadedFile | null
  file: File
  done: Promise<void>
}

/** Files waiting beside the words, per conversation, so that they cannot slip into another one. */
const trays = reactive(new Map<string, Attachment[]>())
const PICTURE = /^image\/(png|jpeg|gif|webp)$/

export function trayOf(conversationId: string): Attachment[] {
  return trays.get(conversationId) ?? []
}

export function addFiles(conversationId: string, files: Iterable<File>): void {
  for (const file of files) {
    const isPicture = PICTURE.test(file.type)
    const item: Attachment = {
      key: newKey(),
      name: file.name || 'picture.png',
      isPicture,
      preview: isPicture ? URL.createObjectURL(file) : null,
      state: 'uploading',
      problem: null,
      uploaded: null,
      file,
      done: Promise.resolve(),
    }
    trays.set(conversationId, [...trayOf(conversationId), item])
    startUpload(conversationId, item.key)
  }
}

export function startUpload(conversationId: string, key: string): void {
  const item = trayOf(conversationId).find((one) => one.key === key)
  if (!item) return
  item.state = 'uploading'
  item.done = upload(item)
}

export function removeAttachment(conversationId: string, key: string): void {
  const item = trayOf(conversationId).find((one) => one.key === key)
  if (item?.preview) URL.revokeObjectURL(item.preview)
  const rest = trayOf(conversationId).filter((one) => one.key !== key)
  if (rest.length) trays.set(conversationId, rest)
  else trays.delete(conversationId)
}

async function upload(item: Attachment): Promise<void> {
  const body = new FormData()
  body.append('file', item.file, item.name)
  try {
    item.uploaded = await api('POST /v1/files', { body })
    item.state = 'ready'
    item.problem = null
  } catch (error) {
    item.state = 'failed'
    item.problem = error instanceof Error ? error.message : String(error)
  }
}
