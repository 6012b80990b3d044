import { ApiProblem, type BodyOf } from '@yingke/api'
import { api } from '@/api'
import { useMe } from '@/stores/me'

export interface WorkspaceChoice {
  id: string
  name: string
}

export async function signIn(body: BodyOf<'POST /v1/auth/sign-in'>): Promise<void> {
  useMe().hold(await api('POST /v1/auth/sign-in', { body }))
}

export async function signUp(body: BodyOf<'POST /v1/auth/sign-up'>): Promise<void> {
  useMe().hold(await api('POST /v1/auth/sign-up', { body }))
}

export async function acceptInvitation(
  token: string,
  body: BodyOf<'POST /v1/invitations/{token}/acceptance'>,
): Promise<void> {
  useMe().hold(await api('POST /v1/invitations/{token}/acceptance', { path: { token }, body }))
}

/** The workspaces a login fits, when the server asks which one is meant; otherwise none. */
export function workspacesIn(problem: ApiProblem): WorkspaceChoice[] {
  const found = problem.code === 'choose_workspace' ? problem.body['workspaces'] : null
  return Array.isArray(found) ? found.filter(isChoice) : []
}

function isChoice(value: unknown): value is WorkspaceChoice {
  return typeof value === 'object' && value !== null && 'id' in value && 'name' in value
}
