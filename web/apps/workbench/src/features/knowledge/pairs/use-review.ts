import type { QaPair } from '@yingke/api'
import { useI18n } from '@yingke/i18n'
import { api } from '@/api'
import { confirm } from '@/ui/confirm'
import { toast } from '@/ui/toast'
import { toTrouble } from '../../pieces/trouble'
import type { usePairs } from './use-pairs'

type Pairs = ReturnType<typeof usePairs>
export type Decision = 'approve' | 'reject' | 'reopen'
const said = { approve: 'approved', reject: 'rejected', reopen: 'reopened' } as const

/** What a person decides about pairs; every decision can be taken back from its toast. */
export function useReview(view: Pairs) {
  const { t } = useI18n()

  async function tryTo(act: () => Promise<void>): Promise<void> {
    try {
      await act()
    } catch (error) {
      toast.bad(toTrouble(error))
      await view.list.reload()
    }
  }

  function decide(pairs: QaPair[], decision: Decision): Promise<void> {
    const before = new Map(pairs.map((pair) => [pair.id, pair.state]))
    return tryTo(async () => {
      const ids: string[] = []
      const asked = [...before.keys()]
      for (let at = 0; at < asked.length; at += 200) {
        const body = { decision, ids: asked.slice(at, at + 200) }
        ids.push(...(await api('POST /v1/knowledge/qa-pairs/review', { body })).ids)
      }
      view.drop(asked)
      const wasLive = ids.filter((id) => before.get(id) === 'live')
      toast.ok(t(`knowledge_pairs.${said[decision]}`, { n: ids.length }), {
        action: { label: t('knowledge_pairs.undo'), act: () => void takeBack(ids, wasLive) },
      })
    })
  }

  /** What was live goes live again; everything else back to review. */
  function takeBack(ids: string[], wasLive: string[]): Promise<void> {
    return tryTo(async () => {
      const waiting = ids.filter((id) => !wasLive.includes(id))
      if (wasLive.length) await api('POST /v1/knowledge/qa-pairs/review', { body: { decision: 'approve', ids: wasLive } })
      for (let at = 0; at < waiting.length; at += 200) {
        const body = { decision: 'reopen' as const, ids: waiting.slice(at, at + 200) }
        await api('POST /v1/knowledge/qa-pairs/review', { body })
      }
      toast.plain(t('knowledge_pairs.undone'))
      await Promise.all([view.list.reload(), view.recount()])
    })
  }

  async function approveAll(n: number): Promise<void> {
    const isSure = await confirm({
      title: t('knowledge_pairs.approve_all_title', { n }),
      text: t('knowledge_pairs.approve_all_text'),
      action: t('knowledge_pairs.approve'),
    })
    if (!isSure) return
    await tryTo(async () => {
      const ids: string[] = []
      const { q, origin } = view.filters
      const filter = { state: 'proposed' as const, q, origin: origin || null }
      for (;;) {
        const done = await api('POST /v1/knowledge/qa-pairs/review', { body: { decision: 'approve', filter } })
        ids.push(...done.ids)
        if (!done.left || !done.ids.length) break
      }
      await Promise.all([view.list.reload(), view.recount()])
      toast.ok(t('knowledge_pairs.approved', { n: ids.length }), {
        action: { label: t('knowledge_pairs.undo'), act: () => void takeBack(ids, []) },
      })
    })
  }

  function remove(pair: QaPair): Promise<void> {
    return tryTo(async () => {
      await api('DELETE /v1/knowledge/qa-pairs/{id}', { path: { id: pair.id } })
      view.drop([pair.id])
      const restore = () =>
        void tryTo(async () => {
          await api('POST /v1/knowledge/qa-pairs/{id}/restoration', { path: { id: pair.id }, isRepeatable: true })
          await Promise.all([view.list.reload(), view.recount()])
        })
      toast.ok(t('knowledge_pairs.deleted', { name: pair.questions[0] ?? '' }), {
        action: { label: t('knowledge_pairs.undo'), act: restore },
      })
    })
  }

  function repropose(pair: QaPair): Promise<void> {
    return tryTo(async () => {
      await api('POST /v1/knowledge/qa-pairs/{id}/reproposal', { path: { id: pair.id } })
      toast.ok(t('knowledge_pairs.reproposed'))
      view.state.value = 'proposed'
      await view.recount()
    })
  }

  return { decide, approveAll, remove, repropose }
}
