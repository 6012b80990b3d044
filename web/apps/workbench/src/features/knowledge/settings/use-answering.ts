import type { AnsweringPreview, ApiProblem } from '@yingke/api'
import { t } from '@yingke/i18n'
import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { api } from '@/api'
import { toast } from '@/ui/toast'
import { toTrouble } from '../../pieces/trouble'
import { useLoad } from '../../pieces/use-load'

export const MANNERS = ['careful', 'balanced', 'bold'] as const
export type Manner = (typeof MANNERS)[number]

/** The workspace's line: what is in force, what is being tried, and what that would change. */
export function useAnswering() {
  const load = useLoad(() => api('GET /v1/knowledge/answering'))
  const draft = reactive({ manner: 'balanced' as Manner, isOwn: false, line: 50, follows: false })
  const preview = shallowRef<AnsweringPreview | null>(null)
  const previewTrouble = shallowRef<ApiProblem | null>(null)
  const isPreviewing = ref(false)
  const isSaving = ref(false)
  let turn = 0

  watch(load.data, (now) => {
    if (!now) return
    draft.manner = now.manner
    draft.line = Math.round(now.threshold * 100)
    draft.follows = now.follows
    draft.isOwn = false
    void look()
  })

  const isDirty = computed(() => {
    const now = load.data.value
    if (!now || !preview.value) return false
    return draft.manner !== now.manner || draft.follows !== now.follows || preview.value.threshold !== now.threshold
  })

  function wish() {
    return {
      manner: draft.manner,
      follows: draft.follows && !draft.isOwn,
      ...(draft.isOwn ? { threshold: draft.line / 100 } : {}),
    }
  }

  async function look(): Promise<void> {
    const mine = ++turn
    isPreviewing.value = true
    try {
      const found = await api('POST /v1/knowledge/answering/preview', { body: wish() })
      if (mine !== turn) return
      preview.value = found
      previewTrouble.value = null
    } catch (error) {
      if (mine === turn) previewTrouble.value = toTrouble(error)
    } finally {
      if (mine === turn) isPreviewing.value = false
    }
  }

  async function change(call: () => ReturnType<typeof load.reload>, said: string): Promise<void> {
    isSaving.value = true
    try {
      await call()
      toast.ok(said)
    } catch (error) {
      toast.bad(toTrouble(error))
    } finally {
      isSaving.value = false
    }
  }

  const save = () =>
    change(async () => {
      load.data.value = await api('PUT /v1/knowledge/answering', { body: wish() })
    }, t('knowledge_settings.saved'))

  const undo = () =>
    change(async () => {
      load.data.value = await api('POST /v1/knowledge/answering/undo')
    }, t('knowledge_settings.undone'))

  return { load, draft, preview, previewTrouble, isPreviewing, isSaving, isDirty, look, save, undo }
}
