import { ApiProblem, type ModelCheck, type ModelEndpoint, type ModelPreset } from '@yingke/api'
import { t } from '@yingke/i18n'
import { computed, ref, shallowRef, watch } from 'vue'
import { api } from '@/api'
import { confirm } from '@/ui/confirm'
import { toast } from '@/ui/toast'
import { useUnsaved } from '@/ui/use-unsaved'
import { toTrouble } from '../pieces/trouble'
import { draftOf, pricesOf, toMinor } from './endpoint-draft'
import { type Location, guessLocation, isAddress } from './location'

type Busy = 'test' | 'names' | 'save' | 'enable'

/** The form of one chat endpoint: presets, names to choose from, checks input, tells where it runs, tests, saves, enables. */
export function useEndpointForm(endpoint: ModelEndpoint | null, onSaved: () => void) {
  const draft = ref(draftOf(endpoint))
  const first = JSON.stringify(draft.value)
  const isDirty = computed(() => JSON.stringify(draft.value) !== first)
  const errors = ref<Record<string, string>>({})
  const check = shallowRef<ModelCheck | null>(null)
  const trouble = shallowRef<ApiProblem | null>(null)
  const busy = ref<Busy | null>(null)
  const names = shallowRef<string[]>([])
  const preset = shallowRef<ModelPreset | null>(null)
  const judged = ref<Location | null>(endpoint ? (endpoint.location as Location) : null)
  const location = computed<Location>(() => judged.value ?? guessLocation(draft.value.base_url.trim()))
  const isGuessed = computed(() => judged.value === null)
  useUnsaved(isDirty)

  watch(
    () => [draft.value.base_url, draft.value.model, draft.value.api_key, draft.value.provider],
    ([address], [before]) => {
      check.value = null
      if (address !== before) {
        judged.value = null
        draft.value.abroad_confirmed = false
      }
    },
  )
  watch(
    () => draft.value.model,
    (model) => {
      const told = preset.value?.prices.find((one) => one.model === model)
      if (told) Object.assign(draft.value, pricesOf(told))
    },
  )

  function usePreset(chosen: ModelPreset): void {
    preset.value = chosen
    names.value = chosen.models
    draft.value.base_url = chosen.base_url
    draft.value.provider = chosen.kind
    draft.value.name ||= chosen.name
    draft.value.model = chosen.models[0] ?? ''
  }

  function findErrors(isEnabling: boolean): Record<string, string> {
    const found: Record<string, string> = {}
    if (!draft.value.name.trim()) found.name = t('models.need_name')
    if (!isAddress(draft.value.base_url)) found.base_url = t('models.need_url')
    if (!draft.value.model.trim()) found.model = t('models.need_model')
    if (!draft.value.purposes.length) found.purposes = t('models.need_purpose')
    for (const name of ['price_in', 'price_cached', 'price_out'] as const)
      if (toMinor(draft.value[name]) === undefined) found[name] = t('models.need_price')
    if (isEnabling && location.value === 'abroad' && !draft.value.abroad_confirmed)
      found.abroad_confirmed = t('models.need_confirm')
    return found
  }

  async function guarded(what: Busy, work: () => Promise<void>): Promise<void> {
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

  const target = () => ({
    base_url: draft.value.base_url.trim(),
    provider: draft.value.provider,
    ...(draft.value.api_key ? { api_key: draft.value.api_key } : {}),
    ...(endpoint ? { id: endpoint.id } : {}),
  })

  async function test(): Promise<void> {
    const { base_url, model } = findErrors(false)
    errors.value = { ...(base_url ? { base_url } : {}), ...(model ? { model } : {}) }
    if (Object.keys(errors.value).length) return
    await guarded('test', async () => {
      const { model, abroad_confirmed } = draft.value
      const body = { ...target(), model: model.trim(), abroad_confirmed }
      const answer = await api('POST /v1/model-endpoints/check', { body })
      check.value = answer
      if (answer.location) judged.value = answer.location as Location
    })
  }

  async function readNames(): Promise<void> {
    if (!isAddress(draft.value.base_url)) {
      errors.value = { base_url: t('models.need_url') }
      return
    }
    await guarded('names', async () => {
      names.value = (await api('POST /v1/model-endpoints/names', { body: target() })).names
      toast.ok(t('models.names_read', { n: names.value.length }))
    })
  }

  async function save(isEnabling: boolean): Promise<void> {
    errors.value = findErrors(isEnabling)
    if (Object.keys(errors.value).length) return
    await guarded(isEnabling ? 'enable' : 'save', async () => {
      const { api_key, price_in, price_cached, price_out, ...rest } = draft.value
      const body = {
        ...rest,
        name: rest.name.trim(),
        base_url: rest.base_url.trim(),
        model: rest.model.trim(),
        price_in: toMinor(price_in),
        price_cached: toMinor(price_cached),
        price_out: toMinor(price_out),
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

  return {
    draft, errors, location, isGuessed, check, busy, trouble, names, preset,
    usePreset, readNames, test, save, mayClose,
  }
}
