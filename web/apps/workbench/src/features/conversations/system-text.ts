import type { Message } from '@yingke/api'
import { currentLanguage, t } from '@yingke/i18n'
import { zoneOption } from '@/theme/zone'

const REASONS = [
  'asked', 'not_found', 'unsure', 'mood', 'failed', 'outside', 'off', 'rule', 'agent_gone', 'complaint', 'order', 'angry', 'danger',
  'person_first', 'no_answer', 'assistant', 'not_opened', 'transferred', 'shift_ended',
  'payment', 'invoice', 'request_refused', 'request_uncertain', 'shop_down', 'own_tool', 'order_tries', 'bulk_order', 'call_back',
]

/** 「11月23日 08:00」 */
function openingOf(iso: string): string {
  return new Date(iso).toLocaleString(currentLanguage(), {
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZone: zoneOption(),
  })
}

/** One sentence for a system message; the code itself when it is one we do not know. */
export function systemText(message: Message): string {
  const notice = message.system
  if (!notice) return message.text ?? ''
  const name = notice.agent?.work_name ?? t('conversations.a_colleague')
  switch (notice.code) {
    case 'taken_over':
      return t('conversations.system_taken_over', { name })
    case 'handed_back':
      return t('conversations.system_handed_back', { name })
    case 'hand_off':
    case 'queued':
      return t('conversations.system_queued', { reason: reasonText(notice.reason) })
    case 'closed':
      return t(notice.by === 'contact' ? 'conversations.system_closed_by_contact' : 'conversations.system_closed', { name: closer(message) })
    case 'reopened':
      return t('conversations.system_reopened')
    case 'outside_hours': {
      const at = notice.opens_at ? openingOf(notice.opens_at) : ''
      return at ? t('conversations.system_outside_until', { time: at }) : t('conversations.system_outside')
    }
    case 'left_message':
      return t('conversations.system_left_message')
    default:
      return message.text || notice.code
  }
}

export function reasonText(reason: unknown): string {
  const text = reasonName(reason)
  return text && t('conversations.in_brackets', { text })
}

/** Why a person was needed, in a few words; the code itself when it is one we do not know. */
export function reasonName(reason: unknown): string {
  if (typeof reason !== 'string' || !reason) return ''
  const kind = reason.split(':')[0] ?? reason
  // A rule of the merchant's: rule:<id>:<name>.
  const name = kind === 'rule' ? reason.split(':').slice(2).join(':') : ''
  const known = REASONS.includes(kind) ? t(`conversations.reason_${kind}`) : reason
  return name ? t('conversations.reason_rule_named', { name }) : known
}

function closer(message: Message): string {
  return message.system?.agent?.work_name ?? message.agent?.work_name ?? t('conversations.somebody')
}
