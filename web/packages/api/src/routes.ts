import type * as T from './types'

/** One line a route: what it takes and what it answers. The key is "METHOD path". */
export interface Routes {
  'POST /v1/auth/sign-up': {
    body: { workspace_name: string; name: string; email: string; password: string; language: T.Language }
    answer: T.Me
  }
  'POST /v1/auth/sign-in': { body: { email: string; password: string; workspace_id?: string }; answer: T.Me }
  'POST /v1/auth/sign-out': { answer: void }
  'GET /v1/me': { answer: T.Me }
  'PATCH /v1/me': {
    body: { name?: string; work_name?: string; avatar_file_id?: string | null; settings?: T.AgentSettings }
    answer: T.Me
  }
  'POST /v1/me/password': { body: { current: string; new: string }; answer: void }
  'PUT /v1/me/presence': { body: { state: T.PresenceState }; answer: void }
  'GET /v1/sessions': { answer: { items: T.AgentSession[] } }
  'DELETE /v1/sessions/{id}': { answer: void }
  'GET /v1/invitations/{token}': { answer: { workspace_name: string; role: T.Role; email?: string | null } }
  'POST /v1/invitations/{token}/acceptance': {
    body: { name: string; work_name: string; email: string; password: string }
    answer: T.Me
  }

  'GET /v1/conversations': {
    query: {
      view?: 'mine' | 'waiting' | 'all'
      status?: 'open' | 'closed'
      shop_id?: string
      q?: string
      limit?: number
      after?: string
    }
    answer: T.Page<T.Conversation>
  }
  'GET /v1/conversations/counts': { answer: T.ConversationCounts }
  'GET /v1/conversations/{id}': { answer: T.Conversation }
  'GET /v1/conversations/{id}/messages': {
    query: { before_seq?: number; after_seq?: number; limit?: number }
    answer: T.MessagePage
  }
  'POST /v1/conversations/{id}/messages': {
    body: { type: 'text' | 'image' | 'file'; text?: string; file_id?: string }
    answer: T.Message
  }
  'POST /v1/conversations/{id}/take-over': { body?: { force?: boolean }; answer: T.Conversation }
  'POST /v1/conversations/{id}/hand-back': { body?: { force?: boolean }; answer: T.Conversation }
  'POST /v1/conversations/{id}/closure': { body?: { force?: boolean }; answer: T.Conversation }
  'DELETE /v1/conversations/{id}/closure': { answer: T.Conversation }
  'PUT /v1/conversations/{id}/read': { body: { seq: number }; answer: void }
  'POST /v1/conversations/{id}/typing': { answer: void }
  'GET /v1/conversations/{id}/notes': { answer: { items: T.Note[] } }
  'POST /v1/conversations/{id}/notes': { body: { text: string }; answer: T.Note }
  'GET /v1/traces/{id}': { answer: T.Trace }
  'GET /v1/contacts/{id}': { answer: T.Contact }
  'PATCH /v1/contacts/{id}': {
    body: { name?: string | null; email?: string | null; phone?: string | null; tags?: string[]; notes?: string }
    answer: T.Contact
  }
  'GET /v1/saved-replies': { answer: T.Page<T.SavedReply> }
  'POST /v1/saved-replies': {
    body: { folder: string; title: string; text: string; is_shared: boolean }
    answer: T.SavedReply
  }
  'PATCH /v1/saved-replies/{id}': {
    body: { folder?: string; title?: string; text?: string; is_shared?: boolean }
    answer: T.SavedReply
  }
  'DELETE /v1/saved-replies/{id}': { answer: void }
  'GET /v1/left-messages': { query: { handled?: boolean; limit?: number; after?: string }; answer: T.Page<T.LeftMessage> }
  'POST /v1/left-messages/{id}/handling': { answer: T.LeftMessage }
  'POST /v1/files': { body: FormData; answer: T.UploadedFile }
  'GET /v1/today': { query: { day?: string; shop_id?: string }; answer: T.Today }
  'GET /v1/today/conversations': {
    query: { key: string; day?: string; shop_id?: string; limit?: number; after?: string }
    answer: T.Page<T.Conversation>
  }

  'GET /v1/agents': { answer: T.Page<T.Agent> }
  'PATCH /v1/agents/{id}': { body: { role?: T.Role; disabled?: boolean; work_name?: string }; answer: T.Agent }
  'GET /v1/invitations': { answer: T.Page<T.Invitation> }
  'POST /v1/invitations': { body: { role: T.Role; email?: string | null }; answer: T.Invitation }
  'DELETE /v1/invitations/{id}': { answer: void }
  'GET /v1/shops': { answer: T.Page<T.Shop> }
  'POST /v1/shops': { body: Partial<T.Shop>; answer: T.Shop }
  'GET /v1/shops/{id}': { answer: T.Shop }
  'PATCH /v1/shops/{id}': { body: Partial<T.Shop>; answer: T.Shop }
  'DELETE /v1/shops/{id}': { answer: void }
  'POST /v1/shops/{id}/site-secret': { answer: { site_secret: string } }
  'GET /v1/api-keys': { answer: T.Page<T.ApiKey> }
  'POST /v1/api-keys': { body: { name: string; scopes: string[] }; answer: T.ApiKey }
  'DELETE /v1/api-keys/{id}': { answer: void }
  'GET /v1/webhooks': { answer: T.Page<T.Webhook> }
  'POST /v1/webhooks': { body: { url: string; types: string[]; description: string }; answer: T.Webhook }
  'PATCH /v1/webhooks/{id}': {
    body: { url?: string; types?: string[]; description?: string; disabled?: boolean }
    answer: T.Webhook
  }
  'DELETE /v1/webhooks/{id}': { answer: void }
  'POST /v1/webhooks/{id}/test': { answer: T.WebhookDelivery | undefined }
  'POST /v1/webhooks/{id}/secret-rotation': { answer: { secret: string } }
  'GET /v1/webhooks/{id}/deliveries': {
    query: { state?: string; limit?: number; after?: string }
    answer: T.Page<T.WebhookDelivery>
  }
  'POST /v1/webhooks/{id}/replay': { body: { from: string; to: string }; answer: { replayed?: number } | undefined }
  'GET /v1/webhook-deliveries/{id}': { answer: T.WebhookDeliveryDetail }
  'POST /v1/webhook-deliveries/{id}/replay': { answer: T.WebhookDelivery | undefined }
  'GET /v1/audit-log': { query: { limit?: number; after?: string }; answer: T.Page<T.AuditEntry> }
  'GET /v1/workspace': { answer: T.Workspace }
  'PATCH /v1/workspace': {
    body: { name?: string; time_zone?: string; language?: T.Language; settings?: Partial<T.WorkspaceSettings> }
    answer: T.Workspace
  }
  'GET /v1/setup': { answer: T.Setup }
  'PATCH /v1/setup': { body: Partial<T.Setup>; answer: T.Setup }
  'GET /v1/demo': { answer: T.Demo }
  'POST /v1/demo/sign-in': { answer: T.Me }
  'POST /v1/demo/clearance': { answer: void }
  'GET /v1/model-endpoints': { answer: T.Page<T.ModelEndpoint> }
  'POST /v1/model-endpoints': { body: ModelEndpointBody; answer: T.ModelEndpoint }
  'PATCH /v1/model-endpoints/{id}': { body: Partial<ModelEndpointBody>; answer: T.ModelEndpoint }
  'DELETE /v1/model-endpoints/{id}': { answer: void }
  'POST /v1/model-endpoints/check': {
    body: { base_url: string; model: string; api_key?: string; id?: string; abroad_confirmed?: boolean }
    answer: T.ModelCheck
  }

  'GET /v1/knowledge/documents': { query: { limit?: number; after?: string }; answer: T.Page<T.KnowledgeDocument> }
  'POST /v1/knowledge/documents': { body: FormData; answer: T.KnowledgeDocument }
  'GET /v1/knowledge/documents/{id}': { answer: T.KnowledgeDocument }
  'PATCH /v1/knowledge/documents/{id}': {
    body: Partial<Pick<T.KnowledgeDocument, 'audience' | 'shop_ids' | 'name' | 'valid_from' | 'valid_to'>>
    answer: T.KnowledgeDocument
  }
  'DELETE /v1/knowledge/documents/{id}': { answer: void }
  'GET /v1/knowledge/documents/{id}/passages': { query: { limit?: number; after?: string }; answer: T.Page<T.Passage> }
  'POST /v1/knowledge/documents/{id}/retry': { answer: T.KnowledgeDocument }
  'POST /v1/knowledge/documents/{id}/release': {
    body?: { audience?: 'customer' | 'staff' }
    answer: T.KnowledgeDocument
  }
  'POST /v1/knowledge/documents/{id}/restoration': { answer: T.KnowledgeDocument }
  'PUT /v1/knowledge/documents/{id}/file': { body: FormData; answer: T.KnowledgeDocument }
  'GET /v1/knowledge/search': {
    query: { q: string; shop_id?: string; audience?: string; limit?: number }
    answer: { items: T.Passage[] }
  }
  'GET /v1/knowledge/qa-pairs': { query: { limit?: number; after?: string }; answer: T.Page<T.QaPair> }
  'POST /v1/knowledge/qa-pairs': {
    body: { items: {
        external_id?: string
        questions: string[]
        answer: string
        audience?: 'customer' | 'staff'
        shop_ids?: string[] | null
      }[]
    }
    answer: { items: T.QaPair[] } | undefined
  }
  'DELETE /v1/knowledge/qa-pairs/{id}': { answer: void }
  'GET /v1/knowledge/gaps': { answer: T.Page<T.KnowledgeGap> }
  'POST /v1/knowledge/gaps/{id}/resolution': { body: { answer?: string }; answer: void }
  'POST /v1/ask': {
    body: { question: string; shop_id?: string; language?: T.Language; history?: { from: string; text: string }[] }
    answer: T.AskAnswer
  }
}

interface ModelEndpointBody {
  name: string
  base_url: string
  model: string
  api_key?: string
  location: string
  abroad_confirmed: boolean
  filing_number: string | null
  is_enabled: boolean
}

export type Route = keyof Routes
export type Answer<R extends Route> = Routes[R]['answer']
export type Body<R extends Route> = Routes[R] extends { body?: infer B } ? B : never
export type Query<R extends Route> = Routes[R] extends { query: infer Q } ? Q : never

type PathNames<P extends string> = P extends `${string}{${infer Name}}${infer Rest}` ? Name | PathNames<Rest> : never
type PathPart<R extends Route> = [PathNames<R>] extends [never] ? object : { path: Record<PathNames<R>, string> }
type BodyPart<R extends Route> = Routes[R] extends { body: infer B } ? { body: B } : { body?: Body<R> }
type QueryPart<R extends Route> = Routes[R] extends { query: infer Q }
  ? object extends Q
    ? { query?: Q }
    : { query: Q }
  : object

type Options<R extends Route> = PathPart<R> & BodyPart<R> & QueryPart<R> & {
  idempotencyKey?: string
  signal?: AbortSignal
}

/** Options may be left out where nothing in them is required. */
export type CallOptions<R extends Route> = object extends Options<R> ? [options?: Options<R>] : [options: Options<R>]
