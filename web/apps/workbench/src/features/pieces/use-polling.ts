import { onMounted, onScopeDispose } from 'vue'

/** Calls `step` every `milliseconds` while `isNeeded()` and the tab is visible; never two at once. */
export function usePolling(step: () => Promise<void>, milliseconds: number, isNeeded: () => boolean): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isOver = false

  async function tick(): Promise<void> {
    if (isNeeded() && document.visibilityState === 'visible') await step()
    if (!isOver) timer = setTimeout(tick, milliseconds)
  }

  onMounted(() => (timer = setTimeout(tick, milliseconds)))
  onScopeDispose(() => {
    isOver = true
    clearTimeout(timer)
  })
}
