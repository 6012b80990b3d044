import { currentLanguage, t } from '@yingke/i18n'
import { api } from '@/api'
import { loadMessages } from '@/messages'
import { useLive } from '@/stores/live'
import { toast } from '@/ui/toast'

const SOON_MILLISECONDS = 20 * 60_000
const LASTS_MILLISECONDS = 15_000

/** On whatever screen: something that I promised is due. */
export function startDueNotice(open: (path: string) => void): () => void {
  return useLive().on('event', ({ event, conversation_id: id }) => {
    if (event === 'follow_up_due' && id) void tell(id, open).catch(() => undefined)
  })
}

async function tell(conversationId: string, open: (path: string) => void): Promise<void> {
  const { items } = await api('GET /v1/follow-ups', { query: { view: 'mine', conversation_id: conversationId, limit: 5 } })
  const item = items.find((one) => one.due_at && Date.parse(one.due_at) - Date.now() < SOON_MILLISECONDS)
  if (!item) return
  await loadMessages('follow-ups', currentLanguage())
  toast.plain(t('follow-ups.ready', { title: item.title }), {
    lasts: LASTS_MILLISECONDS,
    action: { label: t('follow-ups.open'), act: () => open(`/conversations?c=${item.conversation_id}`) },
  })
}
