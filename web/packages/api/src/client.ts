import { isRepeatable, pauseAfter, rest } from './patience'
import { offlineProblem, readProblem } from './problem'
import type { Answer, Body, CallOptions, Route } from './routes'

export interface ClientSettings {
  /** '' for the same origin. */
  origin: string
  /** Asked before every write; null before sign-in. */
  csrfToken: () => string | null
  language: () => string
  /** Called on 401 from anything but the sign-in routes. */
  onSignedOut: () => void
}

export interface Client {
  <R extends Route>(route: R, ...options: CallOptions<R>): Promise<Answer<R>>
}

interface LooseOptions {
  path?: Record<string, string>
  query?: Record<string, string | number | boolean | null | undefined>
  body?: unknown
  idempotencyKey?: string
  isRepeatable?: boolean
  signal?: AbortSignal
}

/**
 * Makes the typed client: `api('POST /v1/conversations/{id}/closure', { path: { id } })`.
 * Throws ApiProblem for every answer that is not 2xx and when there is no connection. Where the server is too busy, what
 * may be repeated waits as long as it asks and goes out again, a few times.
 */
export function createClient(settings: ClientSettings): Client {
  return async function call<R extends Route>(route: R, ...given: CallOptions<R>): Promise<Answer<R>> {
    const options = (given[0] ?? {}) as LooseOptions
    const [method, template] = splitRoute(route)
    const request: RequestInit = { method, headers: headers(settings, method, options), credentials: 'same-origin' }
    if (options.signal) request.signal = options.signal
    if (options.body !== undefined) {
      request.body = options.body instanceof FormData ? options.body : JSON.stringify(options.body)
    }
    const answer = await ask(settings, fillPath(template, options), request, isRepeatable(method, options))
    if (!answer.ok) {
      if (answer.status === 401 && !template.startsWith('/v1/auth/')) settings.onSignedOut()
      throw await readProblem(answer, settings.language())
    }
    return (await readBody(answer)) as Answer<R>
  }
}

async function ask(settings: ClientSettings, path: string, request: RequestInit, mayRepeat: boolean): Promise<Response> {
  for (let repeats = 0; ; repeats++) {
    const answer = await fetch(settings.origin + path, request).catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'AbortError') throw error
      throw offlineProblem(settings.language())
    })
    const pause = mayRepeat ? pauseAfter(answer, repeats) : null
    if (pause === null) return answer
    await rest(pause, request.signal ?? undefined)
  }
}

/** A key for `Idempotency-Key` and `client_message_id`: unique, safe without a secure context. */
export function newKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The body type of a route, for forms that collect it before the call. */
export type BodyOf<R extends Route> = Body<R>

function splitRoute(route: string): [string, string] {
  const space = route.indexOf(' ')
  return [route.slice(0, space), route.slice(space + 1)]
}

function fillPath(template: string, options: LooseOptions): string {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(options.path?.[name] ?? ''))
  const query = new URLSearchParams()
  for (const [name, value] of Object.entries(options.query ?? {})) {
    if (value !== undefined && value !== null && value !== '') query.set(name, String(value))
  }
  const text = query.toString()
  return text ? `${path}?${text}` : path
}

function headers(settings: ClientSettings, method: string, options: LooseOptions): Record<string, string> {
  const made: Record<string, string> = { Accept: 'application/json', 'Accept-Language': settings.language() }
  if (options.body !== undefined && !(options.body instanceof FormData)) made['Content-Type'] = 'application/json'
  const token = settings.csrfToken()
  if (method !== 'GET' && token) made['X-CSRF-Token'] = token
  if (options.idempotencyKey) made['Idempotency-Key'] = options.idempotencyKey
  return made
}

async function readBody(answer: Response): Promise<unknown> {
  const type = answer.headers.get('Content-Type') ?? ''
  if (answer.status === 204 || !type.includes('json')) return undefined
  const text = await answer.text()
  return text ? JSON.parse(text) : undefined
}
