import { ApiProblem, type ModelCheck, type ModelEndpoint } from '@yingke/api'
import { t } from '@yingke/i18n'
import { computed, ref, shallowRef, watch } from 'vue'
import { api } from '@/api'
import { confirm } from '@/ui/confirm'
import { toast } from '@/ui/toast'
import { useUnsaved } from '@/ui/use-unsaved'
import { toTrouble } from '../pieces/trouble'
import { type Location, guessLocation, isAddress } from './location'

/** The form of one chat endpoint: checks input, tells where it runs while typing, tests, saves, enables. */
export function useEndpointForm(endpoint: ModelEndpoint | null, onSaved: () => void) {
  const draft = ref({
    name: endpoint?.name ?? '',
    base_url: endpoint?.base_url ?? '',
    model: endpoint?.model ?? '',
    api_key: '',
    filing_number: endpoint?.filing_number ?? '',
    abroad_confirmed: endpoint?.abroad_confirmed ?? false,
  })
  const first = JSON.stringify(draft.value)
  const isDirty = computed(() => JSON.stringify(draft.value) !== first)
  const errors = ref<Record<string, string>>({})
  const check = shallowRef<ModelCheck | null>(null)
  const trouble = shallowRef<ApiProblem | null>(null)
  const busy = ref<'test' | 'save' | 'enable' | null>(null)
  const judged = ref<Location | null>(endpoint ? (endpoint.location as Location) : null)
  const location = computed<Location>(() => judged.value ?? guessLocation(draft.value.base_url.trim()))
  const isGuessed = computed(() => judged.value === null)
  useUnsaved(isDirty)

  watch(
    () => [draft.value.base_url, draft.value.model, draft.value.api_key],
    ([address], [before]) => {
      check.value = null
      if (address !== before) {
        judged.value = null
        draft.value.abroad_confirmed = false
      }
    },
  )

  function findErrors(isEnabling: boolean): Record<string, string> {
    const found: Record<string, string> = {}
    if (!draft.value.name.trim()) found.name = t('models.need_name')
    if (!isAddress(draft.value.base_url)) found.base_url = t('models.need_url')
    if (!draft.value.model.trim()) found.model = t('models.need_model')
    if (isEnabling && location.value === 'abroad' && !draft.value.abroad_confirmed)
      found.abroad_confirmed = t('models.need_confirm')
    return found
  }

  async function guarded(what: 'test' | 'save' | 'enable', work: () => Promise<void>): Promise<void> {
    busy.value = what
    trouble.value = null
    try {
      await work()
    } catch (error) {
      trouble.value = toTrouble(error)
      errors.value = trouble.value.fields
    } finally {
      busy.value = null
    }
  }

  async function test(): Promise<void> {
    const { name: _, ...found } = findErrors(false)
    errors.value = found
    if (Object.keys(found).length) return
    await guarded('test', async () => {
      const body = {
        base_url: draft.value.base_url.trim(),
        model: draft.value.model.trim(),
        abroad_confirmed: draft.value.abroad_confirmed,
        ...(draft.value.api_key ? { api_key: draft.value.api_key } : {}),
        ...(endpoint ? { id: endpoint.id } : {}),
      }
      const answer = await api('POST /v1/model-endpoints/check', { body })
      check.value = answer
      if (answer.location) judged.value = answer.location as Location
    })
  }

  async function save(isEnabling: boolean): Promise<void> {
    errors.value = findErrors(isEnabling)
    if (Object.keys(errors.value).length) return
    await guarded(isEnabling ? 'enable' : 'save', async () => {
      const { api_key, ...rest } = draft.value
      const body = {
        ...rest,
        name: rest.name.trim(),
        base_url: rest.base_url.trim(),
        model: rest.model.trim(),
        is_enabled: isEnabling || (endpoint?.is_enabled ?? false),
        ...(api_key ? { api_key } : {}),
      }
      if (endpoint) await api('PATCH /v1/model-endpoints/{id}', { path: { id: endpoint.id }, body })
      else await api('POST /v1/model-endpoints', { body: { ...body, location: location.value } })
      toast.ok(isEnabling ? t('models.saved_enabled', { name: body.name }) : t('models.saved_only'))
      onSaved()
    })
  }

  async function mayClose(): Promise<boolean> {
    if (!isDirty.value) return true
    return confirm({
      title: t('pieces.leave_title'),
      text: t('pieces.leave_text'),
      action: t('pieces.leave_yes'),
      danger: true,
    })
  }

  return { draft, errors, location, isGuessed, check, busy, trouble, test, save, mayClose }
}
