/** Checked by the compiler alone: what the generated schema lets a caller say, and what it refuses. */
import type { Answer, Body, Client, Message } from '../src/index'

export async function say(api: Client): Promise<Message> {
  const path = { conversation_id: '1' }
  await api('GET /v1/me')
  await api('POST /v1/conversations/{conversation_id}/take-over', { path })
  await api('POST /v1/conversations/{conversation_id}/take-over', { path, body: { force: true } })
  await api('POST /v1/files', { body: new FormData() })
  // @ts-expect-error There is no such route.
  await api('GET /v1/nothing')
  // @ts-expect-error A path needs its id.
  await api('GET /v1/conversations/{conversation_id}')
  // @ts-expect-error A search needs its words.
  await api('GET /v1/knowledge/search', { query: {} })
  // @ts-expect-error Not a kind of message.
  await api('POST /v1/conversations/{conversation_id}/messages', { path, body: { type: 'video' } })
  // @ts-expect-error This route takes a form.
  await api('POST /v1/files', { body: { file: 'x' } })
  return api('POST /v1/conversations/{conversation_id}/messages', { path, body: { type: 'text', text: '您好' } })
}

export const nothing: Answer<'POST /v1/auth/sign-out'> = undefined
export const status: Answer<'GET /v1/conversations'>['items'][number]['status'] = 'open'
// @ts-expect-error Neither open nor closed.
export const wrong: Answer<'GET /v1/conversations'>['items'][number]['status'] = 'lost'
export const role: Body<'POST /v1/invitations'>['role'] = 'agent'
// @ts-expect-error Nobody is invited as an owner.
export const owner: Body<'POST /v1/invitations'>['role'] = 'owner'
