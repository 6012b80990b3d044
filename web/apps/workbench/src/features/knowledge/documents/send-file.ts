import { ApiProblem, type KnowledgeDocument, offlineProblem } from '@yingke/api'
import { currentLanguage, t } from '@yingke/i18n'
import { heldCsrfToken } from '@/api'

interface Sending {
  method: 'POST' | 'PUT'
  path: string
  form: FormData
  /** 0..1 of the bytes handed to the network. */
  onProgress?: (sent: number) => void
  signal?: AbortSignal
}

/** Uploads with progress, which fetch cannot tell. Throws ApiProblem like the client does. */
export function sendFile(sending: Sending): Promise<KnowledgeDocument> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(sending.method, sending.path)
    request.responseType = 'json'
    request.setRequestHeader('Accept', 'application/json')
    request.setRequestHeader('Accept-Language', currentLanguage())
    const token = heldCsrfToken()
    if (token) request.setRequestHeader('X-CSRF-Token', token)
    request.upload.onprogress = (event) => {
      if (event.lengthComputable) sending.onProgress?.(event.loaded / event.total)
    }
    request.onload = () => {
      if (request.status < 300) resolve(request.response as KnowledgeDocument)
      else reject(refusal(request))
    }
    request.onerror = () => reject(offlineProblem(currentLanguage()))
    request.onabort = () => reject(new DOMException('aborted', 'AbortError'))
    sending.signal?.addEventListener('abort', () => request.abort())
    request.send(sending.form)
  })
}

function refusal(request: XMLHttpRequest): ApiProblem {
  const body: unknown = request.response
  if (typeof body === 'object' && body !== null && 'code' in body && 'detail' in body) {
    const fields = 'fields' in body && isWords(body.fields) ? body.fields : {}
    const known = { status: request.status, code: String(body.code), detail: String(body.detail), fields }
    return new ApiProblem(known, Number(request.getResponseHeader('Retry-After')) || null)
  }
  return new ApiProblem({ status: request.status, code: `http_${request.status}`, detail: t('pieces.unexpected') })
}

function isWords(value: unknown): value is Record<string, string> {
  return typeof value === 'object' && value !== null && Object.values(value).every((word) => typeof word === 'string')
}
