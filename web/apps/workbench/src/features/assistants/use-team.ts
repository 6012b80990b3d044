import { t } from '@yingke/i18n'
import { computed, ref, shallowRef } from 'vue'
import { api } from '@/api'
import { toast } from '@/ui/toast'
import { toTrouble } from '../pieces/trouble'
import { useLoad } from '../pieces/use-load'
import type { Config, Versions } from './shapes'

/** The team as it is edited: every change is a draft on the server; customers notice nothing before it is switched on. */
export function useTeam() {
  const versions = shallowRef<Versions | null>(null)
  const isBusy = ref(false)
  const fields = shallowRef<Record<string, string>>({})
  const load = useLoad(async () => (versions.value = await api('GET /v1/assistant-versions')))
  const base = computed<Config>(() => versions.value?.live?.config ?? versions.value?.built ?? {})
  const config = computed<Config>(() => versions.value?.draft?.config ?? base.value)
  const skills = useLoad(() => api('GET /v1/assistant-skills', { query: { tone: config.value.tone ?? 'friendly' } }))

  async function run(work: () => Promise<Versions>, done?: string): Promise<boolean> {
    isBusy.value = true
    fields.value = {}
    try {
      const tone = config.value.tone
      versions.value = await work()
      if (tone !== config.value.tone) void skills.reload()
      if (done) toast.ok(done)
      return true
    } catch (error) {
      const trouble = toTrouble(error)
      fields.value = trouble.fields ?? {}
      if (!Object.keys(fields.value).length) toast.bad(trouble)
      return false
    } finally {
      isBusy.value = false
    }
  }

  const keep = (change: Partial<Config>) =>
    run(() => api('PUT /v1/assistant-versions/draft', { body: { ...config.value, ...change } }))

  const discard = () =>
    run(async () => {
      await api('DELETE /v1/assistant-versions/draft')
      return api('GET /v1/assistant-versions')
    })

  const switchOn = (note: string) =>
    run(() => api('POST /v1/assistant-versions/live', { body: { note } }), t('assistants.switched_on'))

  const rollOut = (percent: number, note: string) =>
    run(
      () => api('POST /v1/assistant-versions/roll-out', { body: { percent, note } }),
      t('assistants.rolled_out', { n: percent }),
    )

  const endRollOut = (keepWhich: 'candidate' | 'live') =>
    run(
      () => api('POST /v1/assistant-versions/roll-out/end', { body: { keep: keepWhich } }),
      t(`assistants.ended_${keepWhich}`),
    )

  const restore = (id: string) =>
    run(() => api('POST /v1/assistant-versions/{id}/restoration', { path: { id } }), t('assistants.restored'))

  /** Puts the golden questions to a version and to the team as it serves now; the answers appear on the page of comparisons. */
  async function compare(id: string): Promise<boolean> {
    isBusy.value = true
    try {
      await api('POST /v1/model-comparisons', { body: { version_id: id } })
      return true
    } catch (error) {
      toast.bad(toTrouble(error))
      return false
    } finally {
      isBusy.value = false
    }
  }

  return { versions, load, skills, config, base, isBusy, fields, keep, discard, switchOn, rollOut, endRollOut, restore, compare }
}

export type TeamDesk = ReturnType<typeof useTeam>
