import type { ApiProblem, SearchEndpointWish, SearchPartChecked } from '@yingke/api'
import { t } from '@yingke/i18n'
import { computed, onScopeDispose, reactive, ref, shallowRef, watch } from 'vue'
import { api } from '@/api'
import { toast } from '@/ui/toast'
import { toTrouble } from '../../pieces/trouble'
import { useLoad } from '../../pieces/use-load'

export const PARTS = ['embedding', 'reranker'] as const
export type Part = (typeof PARTS)[number]
const REFRESH_MS = 3000

function emptyDraft() {
  return { isOn: false, base_url: '', model: '', api_key: '', dimensions: '', abroad_confirmed: false }
}

/** Which models search: what is in force, what is being typed, tests, and how far the learning is. */
export function useSearchSettings() {
  const load = useLoad(() => api('GET /v1/knowledge/search-settings'))
  const drafts = reactive({ embedding: emptyDraft(), reranker: emptyDraft() })
  const checks = reactive<Record<Part, SearchPartChecked | null>>({ embedding: null, reranker: null })
  const busy = ref<Part | 'save' | null>(null)
  const trouble = shallowRef<ApiProblem | null>(null)
  const kept = ref('')
  const isDirty = computed(() => JSON.stringify(drafts) !== kept.value)

  watch(load.data, (now) => {
    // What somebody is typing is not taken away by a look at the progress.
    if (!now || (kept.value && isDirty.value)) return
    for (const part of PARTS) {
      const one = now[part]
      drafts[part] = one
        ? { ...emptyDraft(), isOn: true, base_url: one.base_url, model: one.model, abroad_confirmed: one.abroad_confirmed }
        : emptyDraft()
    }
    if (now.embedding?.dimensions) drafts.embedding.dimensions = String(now.embedding.dimensions)
    kept.value = JSON.stringify(drafts)
  })

  const isLearning = computed(() => {
    const one = load.data.value?.embedding
    return !!one && !one.is_used && !one.failed && !load.data.value?.is_large
  })
  const timer = setInterval(() => {
    if (isLearning.value && !document.hidden) void load.reload()
  }, REFRESH_MS)
  onScopeDispose(() => clearInterval(timer))

  function wish(part: Part): SearchEndpointWish {
    const { base_url, model, api_key, dimensions, abroad_confirmed } = drafts[part]
    const size = part === 'embedding' && dimensions.trim() ? Number(dimensions) : null
    return { base_url: base_url.trim(), model: model.trim(), api_key, abroad_confirmed, dimensions: size }
  }

  async function guarded(what: Part | 'save', work: () => Promise<void>): Promise<void> {
    busy.value = what
    trouble.value = null
    try {
      await work()
    } catch (error) {
      trouble.value = toTrouble(error)
    } finally {
      busy.value = null
    }
  }

  const test = (part: Part) =>
    guarded(part, async () => {
      checks[part] = null
      checks[part] = await api('POST /v1/knowledge/search-settings/check', { body: { part, endpoint: wish(part) } })
    })

  const save = () =>
    guarded('save', async () => {
      const body = {
        embedding: drafts.embedding.isOn ? wish('embedding') : null,
        reranker: drafts.reranker.isOn ? wish('reranker') : null,
      }
      kept.value = ''
      load.data.value = await api('PUT /v1/knowledge/search-settings', { body })
      toast.ok(t('knowledge_settings.search_saved'))
    })

  return { load, drafts, checks, busy, trouble, isDirty, isLearning, test, save }
}
