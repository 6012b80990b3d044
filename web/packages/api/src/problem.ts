import { secondsAsked } from './patience'

/** The body of an application/problem+json answer (RFC 9457) with this product's additions. */
export interface ProblemBody {
  type?: string
  title?: string
  status: number
  code: string
  /** One sentence in the caller's language that says what to do. */
  detail: string
  fields?: Record<string, string>
  [more: string]: unknown
}

/** A refused or failed request. `message` is always a sentence that can be shown to a person. */
export class ApiProblem extends Error {
  readonly status: number
  readonly code: string
  readonly fields: Record<string, string>
  readonly body: ProblemBody
  /** Seconds the server asked us to wait, or null. */
  readonly retryAfter: number | null

  constructor(body: ProblemBody, retryAfter: number | null = null) {
    super(body.detail || body.title || body.code)
    this.name = 'ApiProblem'
    this.status = body.status
    this.code = body.code
    this.fields = body.fields ?? {}
    this.body = body
    this.retryAfter = retryAfter
  }

  /** True when the same request may succeed later: no connection, too many requests, server trouble. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }

  /** True when the server had no room and said for how long. The client has come again by itself where it may. */
  get isBusy(): boolean {
    return this.status === 503 && this.retryAfter !== null
  }
}

const SENTENCES: Record<string, { zh: string; en: string }> = {
  offline: {
    zh: '网络连接中断，请检查网络后重试。',
    en: 'The connection is down. Check your network and try again.',
  },
  no_sentence: {
    zh: '服务暂时没有正常回应，请稍后重试。',
    en: 'The server did not answer properly. Please try again in a moment.',
  },
}

export function offlineProblem(language: string): ApiProblem {
  return new ApiProblem({ status: 0, code: 'offline', detail: sentence('offline', language) })
}

/** Reads the problem out of an answer; anything that is not problem+json becomes a plain sentence. */
export async function readProblem(answer: Response, language: string): Promise<ApiProblem> {
  const retryAfter = secondsAsked(answer)
  const body: unknown = await answer.json().catch(() => null)
  if (isProblemBody(body)) return new ApiProblem({ ...body, status: answer.status }, retryAfter)
  return new ApiProblem(
    { status: answer.status, code: `http_${answer.status}`, detail: sentence('no_sentence', language) },
    retryAfter,
  )
}

export function isProblem(error: unknown, code?: string): error is ApiProblem {
  return error instanceof ApiProblem && (code === undefined || error.code === code)
}

function isProblemBody(value: unknown): value is ProblemBody {
  return typeof value === 'object' && value !== null && 'code' in value && 'detail' in value
}

function sentence(code: string, language: string): string {
  const both = SENTENCES[code] ?? SENTENCES['no_sentence']
  return language.startsWith('zh') ? (both?.zh ?? code) : (both?.en ?? code)
}
