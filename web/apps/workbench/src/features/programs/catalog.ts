/** What a key may be allowed, in reading order. */
export const scopes = [
  'ask',
  'conversations:read',
  'conversations:write',
  'knowledge:read',
  'knowledge:write',
  'commerce:read',
  'commerce:write',
  'orders:read',
  'orders:write',
  'contacts:read',
  'contacts:write',
  'shops:read',
  'shops:write',
  'events:read',
  'webhooks:write',
] as const

/** The message key of a scope's sentence. */
export function scopeLabel(scope: string): string {
  return `programs.scope_${scope.replace(':', '_')}`
}

/** Events that a webhook can ask for. */
export const eventTypes = [
  'message_created',
  'conversation_created',
  'conversation_queued',
  'conversation_taken_over',
  'conversation_assigned',
  'conversation_transferred',
  'conversation_overflowed',
  'person_unavailable',
  'conversation_handed_back',
  'conversation_closed',
  'conversation_reopened',
  'rating_created',
  'feedback_created',
  'left_message_created',
  'contact_updated',
  'document_updated',
  'gap_created',
  'note_created',
  'conversation_read',
  'agent_updated',
  'group_updated',
  'shop_updated',
  'shop_installed',
  'shop_connected',
  'shop_synced',
  'shop_connection_failed',
  'shop_connection_recovered',
  'shop_disconnected',
  'danger_raised',
  'follow_up_created',
  'follow_up_changed',
  'follow_up_due',
  'order_request_created',
  'order_request_changed',
  'model_budget_low',
  'model_budget_spent',
] as const
