import { onScopeDispose, ref } from 'vue'
import { cutLine } from './cut-line'

const cutSeconds = 5

/** Runs the demo's lines in the customer's frame and ticks them off as they are answered. */
export function useDemoScript(frame: () => HTMLIFrameElement | null) {
  const asked = ref(new Set<number>())
  const answered = ref(new Set<number>())
  const secondsLeft = ref(0)
  const hasBeenCut = ref(false)
  let last = 0
  let clock: ReturnType<typeof setInterval> | undefined
  let mend: (() => void) | null = null

  function ask(n: number, text: string): void {
    last = n
    asked.value = new Set([...asked.value, n])
    frame()?.contentWindow?.postMessage({ yingke: 'send', text }, location.origin)
  }

  /** The chat page tells that something came, not what; what comes after a line counts as its answer. */
  function hear(event: MessageEvent<unknown>): void {
    if (event.origin !== location.origin || event.source !== frame()?.contentWindow) return
    const said = event.data as { source?: string; name?: string } | null
    if (said?.source === 'yingke' && said.name === 'message' && last)
      answered.value = new Set([...answered.value, last])
  }

  function cut(): void {
    const customer = frame()
    if (!customer || secondsLeft.value > 0) return
    mend = cutLine(customer)
    secondsLeft.value = cutSeconds
    clock = setInterval(() => {
      secondsLeft.value--
      if (secondsLeft.value > 0) return
      clearInterval(clock)
      mend?.()
      mend = null
      hasBeenCut.value = true
    }, 1000)
  }

  addEventListener('message', hear)
  onScopeDispose(() => {
    removeEventListener('message', hear)
    clearInterval(clock)
    mend?.()
  })
  return { asked, answered, secondsLeft, hasBeenCut, ask, cut }
}
