import type { paths } from './schema'

type Verb = 'get' | 'post' | 'put' | 'patch' | 'delete'
type Template = keyof paths & string

/** Every route there is, as "METHOD path". */
export type Route = {
  [P in Template]: {
    [V in Verb]: paths[P][V] extends { responses: unknown } ? `${Uppercase<V>} ${P}` : never
  }[Verb]
}[Template]

type Operation<R extends Route> = R extends `${infer M} ${infer P}`
  ? P extends Template
    ? Lowercase<M> extends keyof paths[P]
      ? paths[P][Lowercase<M>]
      : never
    : never
  : never

type Content<A> = A extends { content: { 'application/json': infer T } } ? ([T] extends [null] ? void : T) : void

/** What a route answers when it succeeds. */
export type Answer<R extends Route> = Operation<R> extends { responses: infer A } ? Content<A[keyof A]> : never

type Sent<C> = C extends { 'application/json': infer T } ? T : FormData
type Given<O> = O extends { requestBody: { content: infer C } }
  ? Sent<C>
  : O extends { requestBody?: infer B }
    ? B extends { content: infer C }
      ? Sent<C> | undefined
      : undefined
    : undefined

/** What a route takes. */
export type Body<R extends Route> = NonNullable<Given<Operation<R>>>

/** What stands behind the question mark. */
export type Query<R extends Route> = Operation<R> extends { parameters: { query?: infer Q } } ? NonNullable<Q> : never

type PathPart<O> = O extends { parameters: { path: infer N } } ? { path: { [K in keyof N]: string } } : object
type QueryPart<O> = O extends { parameters: { query: infer Q } }
  ? { query: Q }
  : O extends { parameters: { query?: infer Q } }
    ? { query?: Q }
    : object
type BodyPart<B> = [B] extends [undefined] ? object : null extends B ? Loose<B> : undefined extends B ? Loose<B> : { body: B }
type Loose<B> = { body?: NonNullable<B> }

type Options<R extends Route> = PathPart<Operation<R>> &
  QueryPart<Operation<R>> &
  BodyPart<Given<Operation<R>>> & {
    idempotencyKey?: string
    /** For a POST or PATCH that comes to the same when it is done twice: it waits for a busy server by itself. */
    isRepeatable?: boolean
    signal?: AbortSignal
  }

/** Options may be left out where nothing in them is required. */
export type CallOptions<R extends Route> = object extends Options<R> ? [options?: Options<R>] : [options: Options<R>]
