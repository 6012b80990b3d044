import type { ApiProblem } from '@yingke/api'
import { type Ref, computed, ref, shallowRef, toRaw } from 'vue'
import { toast } from '@/ui/toast'
import { useUnsaved } from '@/ui/use-unsaved'
import { t } from '@yingke/i18n'
import { toTrouble } from './trouble'

function copyOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(toRaw(value))) as T
}

/**
 * A form's working copy beside the saved one: knows whether it differs, saves it, shows the server's reason at each field,
 * and asks before unsaved work is left behind.
 */
export function useDraft<T extends object>(saved: T, write: (draft: T) => Promise<T>) {
  const base = ref(JSON.stringify(saved))
  const draft = ref(copyOf(saved)) as Ref<T>
  const trouble = shallowRef<ApiProblem | null>(null)
  const isSaving = ref(false)
  const isDirty = computed(() => JSON.stringify(draft.value) !== base.value)
  const fields = computed<Record<string, string>>(() => trouble.value?.fields ?? {})
  const problem = computed(() => trouble.value?.message ?? null)

  function restart(next: T): void {
    base.value = JSON.stringify(next)
    draft.value = copyOf(next)
    trouble.value = null
  }

  function discard(): void {
    restart(JSON.parse(base.value) as T)
  }

  async function save(): Promise<boolean> {
    if (isSaving.value) return false
    isSaving.value = true
    trouble.value = null
    try {
      restart(await write(copyOf(draft.value)))
      toast.ok(t('pieces.saved'))
      return true
    } catch (error) {
      trouble.value = toTrouble(error)
      return false
    } finally {
      isSaving.value = false
    }
  }

  useUnsaved(isDirty)
  return { draft, isDirty, isSaving, fields, problem, save, discard, restart }
}
