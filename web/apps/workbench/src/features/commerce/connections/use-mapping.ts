import type { ApiProblem } from '@yingke/api'
import { useI18n } from '@yingke/i18n'
import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { api } from '@/api'
import { toast } from '@/ui/toast'
import { toTrouble } from '../../pieces/trouble'
import type { Connection } from './connections'
import { readMapping, type Mapping, type Sample, type What } from './mapping'

/** The fields of an HTTP shop while a person chooses them; every choice is tried on the sample. */
export function useMapping(connection: Connection) {
  const { t } = useI18n()
  const draft = reactive<Mapping>(readMapping(connection.settings.mapping))
  const what = ref<What>('products')
  const samples = reactive<Record<What, Sample | null>>({ products: null, orders: null })
  const trouble = shallowRef<ApiProblem | null>(null)
  const isReading = ref(false)
  const isSaving = ref(false)
  const place = computed(() => draft[what.value])
  const sample = computed(() => samples[what.value])
  let timer: ReturnType<typeof setTimeout> | undefined
  let turn = 0

  async function read(isGuessed: boolean): Promise<void> {
    const about = what.value
    if (!draft[about].url.trim()) return
    const mine = ++turn
    isReading.value = isGuessed
    try {
      const body = { form: { mapping: draft }, what: about, url: draft[about].url, connection_id: connection.id, is_guessed: isGuessed }
      const answer = await api('POST /v1/shop-connections/sample', { body })
      if (mine !== turn) return
      samples[about] = answer
      trouble.value = null
      if (isGuessed && answer.is_ok) Object.assign(draft[about], answer.mapping)
    } catch (error) {
      if (mine === turn) trouble.value = toTrouble(error)
    } finally {
      isReading.value = false
    }
  }

  watch(draft, () => {
    clearTimeout(timer)
    if (sample.value?.is_ok) timer = setTimeout(() => void read(false), 500)
  })

  async function save(): Promise<boolean> {
    isSaving.value = true
    try {
      await api('PATCH /v1/shop-connections/{id}', { path: { id: connection.id }, body: { form: { mapping: draft } } })
      toast.ok(t('commerce_connections.fields_saved'))
      return true
    } catch (error) {
      trouble.value = toTrouble(error)
      return false
    } finally {
      isSaving.value = false
    }
  }

  return { draft, what, place, sample, trouble, isReading, isSaving, read, save }
}
