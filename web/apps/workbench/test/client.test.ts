// @vitest-environment node
import { ApiProblem, createClient } from '@yingke/api'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'

interface Seen {
  method: string
  url: string
  headers: IncomingHttpHeaders
  body: string
}

/** A real server that answers what the path asks for and remembers the request. */
let server: Server
let seen: Seen
let origin = ''
let signedOut = 0
/** How many 503 answers are still to come from a path that is `rushed`, and what has been asked of it. */
let refusals = 0
let asked: Seen[] = []

beforeAll(async () => {
  server = createServer((request, answer) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      seen = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body }
      if (request.url?.includes('taken')) {
        answer.writeHead(409, { 'Content-Type': 'application/problem+json' })
        answer.end(JSON.stringify({ status: 409, code: 'taken', detail: '已由小李接管。', agent: { id: '2', work_name: '小李' } }))
      } else if (request.url?.includes('away')) {
        asked.push(seen)
        answer.writeHead(503, { 'Retry-After': '30' }).end('<html>')
      } else if (request.url?.includes('rushed') && asked.push(seen) && refusals-- > 0) {
        answer.writeHead(503, { 'Content-Type': 'application/problem+json', 'Retry-After': '0.05' })
        answer.end(JSON.stringify({ status: 503, code: 'later', detail: '请稍后再试。' }))
      } else if (request.url?.includes('out')) answer.writeHead(401).end()
      else answer.writeHead(200, { 'Content-Type': 'application/json' }).end('{"ok":true}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => new Promise((resolve) => server.close(resolve)))

const api = (): ReturnType<typeof createClient> =>
  createClient({ origin, csrfToken: () => 'token', language: () => 'zh-CN', onSignedOut: () => signedOut++ })

async function problemOf(call: Promise<unknown>): Promise<ApiProblem> {
  const error = await call.catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(ApiProblem)
  return error as ApiProblem
}

describe('the client', () => {
  it('fills the path, leaves empty query values out and asks in the language of the screen', async () => {
    await api()('GET /v1/conversations/{conversation_id}/messages', { path: { conversation_id: 'a/b' }, query: { limit: 40, before_seq: undefined } })
    expect(seen.url).toBe('/v1/conversations/a%2Fb/messages?limit=40')
    expect(seen.headers['accept-language']).toBe('zh-CN')
    expect(seen.headers['x-csrf-token']).toBeUndefined()
  })

  it('sends the CSRF token and the idempotency key with a write', async () => {
    await api()('POST /v1/conversations/{conversation_id}/messages', { path: { conversation_id: '1' }, body: { type: 'text', text: '您好' }, idempotencyKey: 'k1' })
    expect(seen.headers['x-csrf-token']).toBe('token')
    expect(seen.headers['idempotency-key']).toBe('k1')
    expect(JSON.parse(seen.body)).toEqual({ type: 'text', text: '您好' })
  })

  it('turns problem+json into an error that carries the sentence and its additions', async () => {
    const problem = await problemOf(api()('POST /v1/conversations/{conversation_id}/take-over', { path: { conversation_id: 'taken' } }))
    expect([problem.status, problem.code, problem.message]).toEqual([409, 'taken', '已由小李接管。'])
    expect(problem.body['agent']).toEqual({ id: '2', work_name: '小李' })
    expect(problem.isPassing).toBe(false)
  })

  it('makes a sentence of its own when the answer has none', async () => {
    const problem = await problemOf(api()('GET /v1/conversations/{conversation_id}', { path: { conversation_id: 'away' } }))
    expect([problem.status, problem.retryAfter, problem.isPassing]).toEqual([503, 30, true])
    expect(problem.message).toContain('稍后重试')
  })

  it('tells when the session is over', async () => {
    await problemOf(api()('GET /v1/contacts/{contact_id}', { path: { contact_id: 'out' } }))
    expect(signedOut).toBe(1)
  })

  it('calls a missing connection by its name', async () => {
    const offline = createClient({ origin: 'http://127.0.0.1:1', csrfToken: () => null, language: () => 'en', onSignedOut: () => undefined })
    const problem = await problemOf(offline('GET /v1/me'))
    expect([problem.status, problem.code]).toEqual([0, 'offline'])
  })
})

describe('a server that is too busy', () => {
  const path = { conversation_id: 'rushed' }
  const hello = { path, body: { type: 'text' as const, text: '您好' } }

  beforeEach(() => {
    refusals = 2
    asked = []
  })

  it('is asked again after the time it names, before anybody is told', async () => {
    expect(await api()('GET /v1/conversations/{conversation_id}', { path })).toEqual({ ok: true })
    expect(asked.length).toBe(3)
  })

  it('gets the same write again under the same key', async () => {
    await api()('POST /v1/conversations/{conversation_id}/messages', { ...hello, idempotencyKey: 'k2' })
    expect(asked.map((one) => [one.headers['idempotency-key'], one.body])).toEqual(Array(3).fill(['k2', JSON.stringify(hello.body)]))
  })

  it('gets again what comes to the same when it is done twice', async () => {
    await api()('DELETE /v1/knowledge/documents/{id}', { path: { id: 'rushed' } })
    expect(asked.length).toBe(3)
    refusals = 1
    await api()('POST /v1/knowledge/documents/{id}/restoration', { path: { id: 'rushed' }, isRepeatable: true })
    expect(asked.length).toBe(5)
  })

  it('is not sent a write without a key twice', async () => {
    const problem = await problemOf(api()('POST /v1/conversations/{conversation_id}/notes', { path, body: { text: '记一笔' } }))
    expect([problem.code, problem.isBusy, asked.length]).toEqual(['later', true, 1])
  })

  it('is left alone after a few times, and the user is told', async () => {
    refusals = 9
    const problem = await problemOf(api()('GET /v1/conversations/{conversation_id}', { path }))
    expect([problem.message, asked.length]).toEqual(['请稍后再试。', 4])
  })

  it('is not waited for when it asks for longer than anybody would', async () => {
    await problemOf(api()('GET /v1/conversations/{conversation_id}', { path: { conversation_id: 'away' } }))
    expect(asked.length).toBe(1)
  })

  it('is not asked again for a page that has been left', async () => {
    const leaving = new AbortController()
    const call = api()('GET /v1/conversations/{conversation_id}', { path, signal: leaving.signal }).catch((error: unknown) => error)
    while (!asked.length) await new Promise((resolve) => setTimeout(resolve, 1))
    leaving.abort()
    expect(await call).toBeInstanceOf(DOMException)
    expect(asked.length).toBe(1)
  })
})
