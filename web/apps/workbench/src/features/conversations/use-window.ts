import { computed, onBeforeUnmount, onMounted, ref, type ComputedRef, type Ref } from 'vue'

export interface ListWindow {
  first: ComputedRef<number>
  last: ComputedRef<number>
  isScrolled: ComputedRef<boolean>
  reveal: (index: number) => void
}

const SPARE_ROWS = 6

/** Which rows of a list with one fixed row height are near the view. `first` to `last` (not included) are rendered. */
export function useWindow(box: Readonly<Ref<HTMLElement | null>>, rowHeight: Ref<number>, count: Ref<number>): ListWindow {
  const top = ref(0)
  const height = ref(800)
  let frame = 0

  function read(): void {
    frame = 0
    if (box.value) top.value = box.value.scrollTop
  }

  function onScroll(): void {
    frame ||= requestAnimationFrame(read)
  }

  const watcher = new ResizeObserver(() => {
    height.value = box.value?.clientHeight ?? height.value
    onScroll()
  })

  onMounted(() => {
    if (!box.value) return
    box.value.addEventListener('scroll', onScroll, { passive: true })
    watcher.observe(box.value)
  })
  onBeforeUnmount(() => {
    watcher.disconnect()
    cancelAnimationFrame(frame)
  })

  const first = computed(() => Math.max(0, Math.floor(top.value / rowHeight.value) - SPARE_ROWS))
  const last = computed(() => Math.min(count.value, Math.ceil((top.value + height.value) / rowHeight.value) + SPARE_ROWS))

  function reveal(index: number): void {
    const element = box.value
    if (!element || index < 0) return
    const start = index * rowHeight.value
    if (start < element.scrollTop) element.scrollTop = start
    else if (start + rowHeight.value > element.scrollTop + element.clientHeight) {
      element.scrollTop = start + rowHeight.value - element.clientHeight
    }
  }

  return { first, last, isScrolled: computed(() => top.value > rowHeight.value), reveal }
}
