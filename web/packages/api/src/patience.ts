/** How often a request that the server was too busy for goes out again before a person hears of it. */
const MOST_REPEATS = 3
/** Asked for a longer wait, something is away rather than busy: that is said at once. */
const LONGEST_WAIT_S = 10

const REPEATABLE = new Set(['GET', 'PUT', 'DELETE'])

/** Whether the same request may go out twice: by its method, its idempotency key, or because its caller says so. */
export function isRepeatable(method: string, options: { idempotencyKey?: string; isRepeatable?: boolean }): boolean {
  return REPEATABLE.has(method) || options.idempotencyKey !== undefined || options.isRepeatable === true
}

/** Seconds after which to ask again, out of a 503 with `Retry-After`; null: this answer stands. `repeats` have been made. */
export function pauseAfter(answer: Response, repeats: number): number | null {
  if (answer.status !== 503 || repeats >= MOST_REPEATS) return null
  const wait = secondsAsked(answer)
  return wait !== null && wait <= LONGEST_WAIT_S ? wait : null
}

/** `Retry-After` in seconds; null without one. */
export function secondsAsked(answer: Response): number | null {
  const wait = Number(answer.headers.get('Retry-After'))
  return Number.isFinite(wait) && wait > 0 ? wait : null
}

/** Rejects with the signal's own reason as soon as nobody waits any more. */
export function rest(seconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as DOMException)
    const stop = (): void => {
      clearTimeout(timer)
      reject(signal?.reason as DOMException)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, 1000 * seconds)
    signal?.addEventListener('abort', stop, { once: true })
  })
}
