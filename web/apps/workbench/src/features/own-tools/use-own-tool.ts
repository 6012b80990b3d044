import type { ApiProblem } from '@yingke/api'
import { newKey } from '@yingke/api'
import { t } from '@yingke/i18n'
import { computed, ref, shallowRef } from 'vue'
import { api } from '@/api'
import { toast } from '@/ui/toast'
import { useUnsaved } from '@/ui/use-unsaved'
import { toTrouble } from '../pieces/trouble'
import { type Draft, type OwnTool, type Step, type Tried, configOf, draftOf, newDraft, secretsOf } from './shapes'

const STEP_OF: Record<string, Step> = {
  name: 'questions', about: 'questions', examples: 'questions', shop_ids: 'questions', inputs: 'inputs', samples: 'address', url: 'address',
  body: 'address', headers: 'address', fields: 'sentence', answer: 'sentence', nothing: 'sentence',
}

/** One tool being made or changed: its draft, the step that is open, what a trial call brought. */
export function useOwnTool(saved: OwnTool | null) {
  const tool = shallowRef(saved)
  const draft = ref<Draft>(saved ? draftOf(saved.config) : newDraft())
  const base = ref(JSON.stringify(draft.value))
  const step = ref<Step>('questions')
  const samples = ref<Record<string, string>>({})
  const tried = shallowRef<Tried | null>(null)
  const trouble = shallowRef<ApiProblem | null>(null)
  const isBusy = ref(false)
  const isTrying = ref(false)
  const key = newKey()
  const fields = computed<Record<string, string>>(() => trouble.value?.fields ?? {})
  const isDirty = computed(() => JSON.stringify(draft.value) !== base.value)
  useUnsaved(isDirty)

  function failed(error: unknown): void {
    trouble.value = toTrouble(error)
    const first = Object.keys(fields.value)[0]?.split('.')[0] ?? ''
    if (STEP_OF[first]) step.value = STEP_OF[first]
    else toast.bad(trouble.value)
  }

  async function attempt(): Promise<void> {
    if (isTrying.value) return
    isTrying.value = true
    trouble.value = null
    try {
      const body = { config: configOf(draft.value), samples: samples.value, headers: secretsOf(draft.value), tool_id: tool.value?.id ?? null }
      tried.value = await api('POST /v1/own-tools/try', { body })
    } catch (error) {
      tried.value = null
      failed(error)
    } finally {
      isTrying.value = false
    }
  }

  async function save(): Promise<boolean> {
    if (isBusy.value) return false
    isBusy.value = true
    trouble.value = null
    try {
      const body = { config: configOf(draft.value), headers: secretsOf(draft.value), is_on: tool.value?.is_on ?? true }
      tool.value = tool.value
        ? await api('PUT /v1/own-tools/{id}', { path: { id: tool.value.id }, body: { ...body, based_on: tool.value.version } })
        : await api('POST /v1/own-tools', { body, idempotencyKey: key })
      restart(tool.value)
      toast.ok(t('own-tools.saved', { name: tool.value.config.name }))
      return true
    } catch (error) {
      failed(error)
      return false
    } finally {
      isBusy.value = false
    }
  }

  function restart(next: OwnTool): void {
    tool.value = next
    draft.value = draftOf(next.config)
    base.value = JSON.stringify(draft.value)
  }

  return { tool, draft, step, samples, tried, fields, isDirty, isBusy, isTrying, attempt, save, restart }
}

export type Desk = ReturnType<typeof useOwnTool>
