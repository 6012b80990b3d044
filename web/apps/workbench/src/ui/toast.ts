import { shallowRef } from 'vue'

export interface Toast {
  id: number
  text: string
  tone: 'plain' | 'ok' | 'bad'
  action?: { label: string; act: () => void }
  /** Milliseconds it stays; pointer or focus on it holds the clock. */
  lasts: number
}

type ToastOptions = { action?: Toast['action']; lasts?: number }

export const toasts = shallowRef<Toast[]>([])
let nextId = 1

function show(tone: Toast['tone'], text: string, options: ToastOptions = {}): number {
  const id = nextId++
  const lasts = options.lasts ?? (tone === 'bad' ? 8000 : options.action ? 5000 : 3500)
  toasts.value = [...toasts.value.filter((one) => one.text !== text).slice(-3), { id, text, tone, lasts, ...(options.action ? { action: options.action } : {}) }]
  return id
}

/** Short words at the foot of the window. `toast.bad(error)` shows the sentence of a problem. */
export const toast = {
  plain: (text: string, options?: ToastOptions): number => show('plain', text, options),
  ok: (text: string, options?: ToastOptions): number => show('ok', text, options),
  bad: (error: unknown, options?: ToastOptions): number =>
    show('bad', error instanceof Error ? error.message : String(error), options),
  dismiss: (id: number): void => {
    toasts.value = toasts.value.filter((one) => one.id !== id)
  },
}
