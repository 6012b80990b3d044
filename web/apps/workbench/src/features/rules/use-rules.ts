import { t } from '@yingke/i18n'
import { computed, ref, shallowRef } from 'vue'
import { api } from '@/api'
import { toast } from '@/ui/toast'
import { toTrouble } from '../pieces/trouble'
import { useLoad } from '../pieces/use-load'
import type { Rule, RuleList, RuleView } from './shapes'

/** The list as it is edited: every change is a draft on the server; nothing acts before it is switched on. */
export function useRules() {
  const live = shallowRef<RuleList | null>(null)
  const draft = shallowRef<RuleList | null>(null)
  const isBusy = ref(false)
  const load = useLoad(async () => {
    const found = await api('GET /v1/rules')
    live.value = found.live
    draft.value = found.draft
    return found
  })
  const shown = computed<RuleView[]>(() => (draft.value ?? live.value)?.rules ?? [])
  const rules = computed<Rule[]>(() => shown.value.map((one) => one.rule))

  async function run(work: () => Promise<void>): Promise<boolean> {
    isBusy.value = true
    try {
      await work()
      return true
    } catch (error) {
      toast.bad(toTrouble(error))
      return false
    } finally {
      isBusy.value = false
    }
  }

  const keep = (next: Rule[]) =>
    run(async () => void (draft.value = await api('PUT /v1/rules/draft', { body: { rules: next } })))

  const put = (rule: Rule) => {
    const at = rules.value.findIndex((one) => one.id === rule.id)
    return keep(at < 0 ? [...rules.value, rule] : rules.value.map((one) => (one.id === rule.id ? rule : one)))
  }

  const move = (at: number, by: number) => {
    const next = [...rules.value]
    const [one] = next.splice(at, 1)
    if (one) next.splice(at + by, 0, one)
    return keep(next)
  }

  async function remove(rule: Rule): Promise<void> {
    const before = [...rules.value]
    if (await keep(before.filter((one) => one.id !== rule.id)))
      toast.ok(t('rules.removed', { name: rule.name }), {
        action: { label: t('pieces.undo'), act: () => void keep(before) },
      })
  }

  const discard = () =>
    run(async () => {
      await api('DELETE /v1/rules/draft')
      draft.value = null
    })

  const switchOn = (note: string) =>
    run(async () => {
      live.value = await api('POST /v1/rules/live', { body: { note } })
      draft.value = null
      toast.ok(t('rules.switched_on'))
    })

  const restore = (id: string) =>
    run(async () => {
      live.value = await api('POST /v1/rules/versions/{id}/restoration', { path: { id } })
      draft.value = null
      toast.ok(t('rules.restored'))
    })

  return { load, live, draft, shown, rules, isBusy, keep, put, move, remove, discard, switchOn, restore }
}
