import { isProblem, type AgentFace, type Conversation } from '@yingke/api'
import { t } from '@yingke/i18n'
import { reactive } from 'vue'

import { api } from '@/api'
import { useCounts } from '@/stores/counts'
import { useMe } from '@/stores/me'
import { confirm } from '@/ui/confirm'
import { toast } from '@/ui/toast'
import { useInbox } from './inbox'

const UNDO_MILLISECONDS = 5000

/** Conversations whose closing waits out its five seconds. */
export const closing = reactive(new Map<string, number>())

/** Takes the conversation at once on screen; when somebody else was faster, says who and goes back. */
export async function takeOver(conversation: Conversation, force = false): Promise<void> {
  const me = useMe()
  const inbox = useInbox()
  const agent = me.me?.agent
  if (!agent) return
  const undo = inbox.patch(conversation.id, {
    handled_by: 'agent',
    agent: { id: agent.id, work_name: agent.work_name, avatar_url: agent.avatar_url },
  })
  try {
    const body = force ? { force } : undefined
    inbox.apply([await api('POST /v1/conversations/{conversation_id}/take-over', { path: { conversation_id: conversation.id }, body })])
    useCounts().refreshSoon()
  } catch (error) {
    undo()
    if (isProblem(error, 'taken')) tellTaken(error.body['agent'], conversation.id)
    else toast.bad(error)
  }
}

/** Somebody else owns it: their name, and the row as it really is. */
export function tellTaken(agent: unknown, conversationId: string): void {
  const face = isFace(agent) ? agent : null
  toast.bad(t('conversations.taken_by', { name: face?.work_name ?? t('conversations.a_colleague') }))
  if (face) useInbox().patch(conversationId, { handled_by: 'agent', agent: face })
}

/** Owners and admins may act on what a colleague holds; everybody else is refused with the name. */
function wish(conversation: Conversation): { force: true } | undefined {
  const me = useMe()
  const isOthers = conversation.agent !== null && conversation.agent.id !== me.me?.agent.id
  return isOthers && me.isManager ? { force: true } : undefined
}

export async function handBack(conversation: Conversation): Promise<void> {
  const inbox = useInbox()
  const undo = inbox.patch(conversation.id, { handled_by: 'assistant', agent: null })
  try {
    inbox.apply([await api('POST /v1/conversations/{conversation_id}/hand-back', { path: { conversation_id: conversation.id }, body: wish(conversation) })])
    useCounts().refreshSoon()
  } catch (error) {
    undo()
    toast.bad(error)
  }
}

/** Closes after five seconds in which it can be taken back; asks first when the customer has the last word. */
export async function closeSoon(conversation: Conversation): Promise<boolean> {
  if (closing.has(conversation.id) || conversation.status === 'closed') return false
  if (conversation.last_from === 'contact') {
    const sure = await confirm({
      title: t('conversations.close_unanswered'),
      text: t('conversations.close_unanswered_text'),
      action: t('conversations.close_anyway'),
    })
    if (!sure) return false
  }
  const notice = toast.plain(t('conversations.closing'), {
    lasts: UNDO_MILLISECONDS,
    action: { label: t('shell.undo'), act: () => keepOpen(conversation.id) },
  })
  const timer = window.setTimeout(() => {
    toast.dismiss(notice)
    void closeNow(conversation)
  }, UNDO_MILLISECONDS)
  closing.set(conversation.id, timer)
  return true
}

export function keepOpen(id: string): void {
  window.clearTimeout(closing.get(id))
  closing.delete(id)
}

export async function reopen(conversation: Conversation): Promise<void> {
  try {
    useInbox().apply([await api('DELETE /v1/conversations/{conversation_id}/closure', { path: { conversation_id: conversation.id } })])
    useCounts().refreshSoon()
  } catch (error) {
    toast.bad(error)
  }
}

async function closeNow(conversation: Conversation): Promise<void> {
  const { id } = conversation
  try {
    useInbox().apply([await api('POST /v1/conversations/{conversation_id}/closure', { path: { conversation_id: id }, body: wish(conversation) })])
    useCounts().refreshSoon()
  } catch (error) {
    if (isProblem(error, 'taken')) tellTaken(error.body['agent'], id)
    else toast.bad(error)
  } finally {
    closing.delete(id)
  }
}

function isFace(value: unknown): value is AgentFace {
  return typeof value === 'object' && value !== null && 'id' in value && 'work_name' in value
}
