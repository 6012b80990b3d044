import { ref, shallowRef } from 'vue'

import { api } from '@/api'

const LARGEST = 10_000_000

/** Reads one picture of another desk's chat at a time; what was read, and a way to stop. */
export function usePicture(take: (words: string) => void, refuse: (error: unknown) => void, tooLarge: () => void) {
  const isReading = ref(false)
  /** Everything that stood on the picture, while the box holds only the customer's part of it. */
  const whole = shallowRef('')
  const isEmpty = ref(false)
  let stopping: AbortController | null = null

  async function read(file: File): Promise<void> {
    if (file.size > LARGEST) return tooLarge()
    stop()
    const mine = (stopping = new AbortController())
    const body = new FormData()
    body.append('file', file, file.name || 'picture.png')
    isReading.value = true
    isEmpty.value = false
    whole.value = ''
    try {
      const found = await api('POST /v1/assist/picture', { body, signal: mine.signal })
      isEmpty.value = !found.all
      whole.value = found.all === found.customer ? '' : found.all
      if (found.all) take(found.customer || found.all)
    } catch (error) {
      if (!mine.signal.aborted) refuse(error)
    } finally {
      if (stopping === mine) {
        stopping = null
        isReading.value = false
      }
    }
  }

  function stop(): void {
    stopping?.abort()
    stopping = null
    isReading.value = false
  }

  /** The first picture among what was pasted or dropped; null where there is none, and the browser goes on as ever. */
  function pictureOf(data: DataTransfer | null): File | null {
    return [...(data?.files ?? [])].find((file) => file.type.startsWith('image/')) ?? null
  }

  return { isReading, whole, isEmpty, read, stop, pictureOf }
}
