import type { Conversation } from '@yingke/api'
import { t } from '@yingke/i18n'

import { useMe } from '@/stores/me'
import type { IconName } from '@/ui/icons'

const CHANNEL_ICONS: Record<string, IconName> = { website: 'globe' }

export function contactName(contact: Pick<Conversation['contact'], 'name' | 'number'>): string {
  return contact.name ?? t('shell.visitor', { number: contact.number })
}

export function shopName(shopId: string): string {
  return useMe().me?.shops.find((shop) => shop.id === shopId)?.name ?? ''
}

export function channelIcon(channel: string): IconName {
  return CHANNEL_ICONS[channel] ?? 'chat'
}

export function channelName(channel: string): string {
  return channel in CHANNEL_ICONS ? t(`conversations.channel_${channel}`) : channel
}
