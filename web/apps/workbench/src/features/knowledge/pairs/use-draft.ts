import type { ApiProblem, QaPair } from '@yingke/api'
import { useI18n } from '@yingke/i18n'
import { computed, reactive, ref, shallowRef } from 'vue'
import { api } from '@/api'
import { toast } from '@/ui/toast'
import { toTrouble } from '../../pieces/trouble'
import { dayOf, endOfDay, startOfDay } from '../days'
import type { Scope } from '../scope'

/** A pair as its form holds it, new or there already. */
export function useDraft() {
  const { t } = useI18n()
  const draft = reactive({
    questions: [''],
    answer: '',
    answers: {} as Record<string, string>,
    from: '',
    to: '',
    scope: { audience: 'customer', shop_ids: null } as Scope,
  })
  const machine = ref<string[]>([])
  const errors = ref<Record<string, string>>({})
  const trouble = shallowRef<ApiProblem | null>(null)
  const isSaving = ref(false)
  const before = ref('')
  let scopeBefore = ''
  let seen: Record<string, string> = {}
  const isChanged = computed(() => JSON.stringify(draft) !== before.value)

  function open(pair: QaPair | null): void {
    draft.questions = pair?.questions.length ? [...pair.questions] : ['']
    draft.answer = pair?.answer ?? ''
    draft.answers = { ...pair?.answers }
    draft.from = dayOf(pair?.valid_from ?? null)
    draft.to = dayOf(pair?.valid_to ?? null)
    draft.scope = { audience: pair?.audience ?? 'customer', shop_ids: pair?.shop_ids ?? null }
    machine.value = pair?.machine_languages ?? []
    seen = { ...pair?.answers }
    errors.value = {}
    trouble.value = null
    before.value = JSON.stringify(draft)
    scopeBefore = scopeText()
  }

  const scopeText = (): string => JSON.stringify([draft.scope, draft.from, draft.to])

  function isWhole(questions: string[]): boolean {
    errors.value = {}
    if (!questions.length) errors.value.questions = t('knowledge_pairs.need_question')
    if (!draft.answer.trim()) errors.value.answer = t('knowledge_pairs.need_answer')
    return !Object.keys(errors.value).length
  }

  /** True when it is stored. Saving is looking: what a machine translated counts as seen from then on. */
  async function save(pair: QaPair | null): Promise<boolean> {
    const questions = draft.questions.map((line) => line.trim()).filter(Boolean)
    trouble.value = null
    if (!isWhole(questions)) return false
    isSaving.value = true
    try {
      const texts = { questions, answer: draft.answer.trim() }
      const scope = { ...draft.scope, valid_from: startOfDay(draft.from), valid_to: endOfDay(draft.to) }
      if (pair) {
        const gone = Object.fromEntries(Object.keys(seen).map((tag) => [tag, '']))
        const body = { ...texts, answers: { ...gone, ...draft.answers }, ...(scopeText() === scopeBefore ? {} : scope) }
        await api('PATCH /v1/knowledge/qa-pairs/{id}', { path: { id: pair.id }, body })
      } else {
        const made = { ...texts, answers: draft.answers, ...draft.scope }
        await api('POST /v1/knowledge/qa-pairs', { body: { items: [made] } })
      }
      toast.ok(t(!pair || pair.state === 'live' ? 'knowledge_pairs.saved_live' : 'knowledge_pairs.saved'))
      return true
    } catch (error) {
      trouble.value = toTrouble(error)
      errors.value = trouble.value.fields
      return false
    } finally {
      isSaving.value = false
    }
  }

  async function translate(pair: QaPair, tag: string): Promise<void> {
    isSaving.value = true
    try {
      const body = { languages: [tag] }
      open(await api('POST /v1/knowledge/qa-pairs/{id}/translations', { path: { id: pair.id }, body }))
      toast.ok(t('knowledge_pairs.translated'))
    } catch (error) {
      trouble.value = toTrouble(error)
    } finally {
      isSaving.value = false
    }
  }

  return { draft, machine, errors, trouble, isSaving, isChanged, open, save, translate }
}
