import { createClient } from '@yingke/api'
import { currentLanguage } from '@yingke/i18n'

let csrfToken: string | null = null
let signedOut: () => void = () => undefined

/** The one client of the workbench. */
export const api = createClient({
  origin: '',
  csrfToken: () => csrfToken,
  language: currentLanguage,
  onSignedOut: () => signedOut(),
})

export function holdCsrfToken(token: string | null): void {
  csrfToken = token
}

export function heldCsrfToken(): string | null {
  return csrfToken
}

export function whenSignedOut(act: () => void): void {
  signedOut = act
}
