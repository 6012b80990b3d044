import { isProblem, type AgentSettings, type Me, type PresenceState, type Role } from '@yingke/api'
import { setLanguage, type Language } from '@yingke/i18n'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'

import { api, holdCsrfToken } from '@/api'
import { loadAllMessages } from '@/messages'
import { chooseTheme } from '@/theme/theme'
import { myZone } from '@/theme/zone'

/** Who works here, in which workspace, and how they like it. */
export const useMe = defineStore('me', () => {
  const me = shallowRef<Me | null>(null)
  const asked = ref(false)
  /** Why nobody is known yet although somebody may be signed in: no connection, or a server in trouble. */
  const problem = shallowRef<unknown>(null)
  const role = computed<Role | null>(() => me.value?.agent.role ?? null)
  const isManager = computed(() => role.value === 'owner' || role.value === 'admin')
  const settings = computed<AgentSettings>(() => me.value?.agent.settings ?? {})
  let asking: Promise<boolean> | null = null

  function hold(next: Me): void {
    me.value = next
    holdZone()
    asked.value = true
    problem.value = null
    holdCsrfToken(next.csrf_token)
    const theme = next.agent.settings?.theme
    if (theme) chooseTheme(theme)
    const language = next.agent.settings?.language
    if (language) void useLanguage(language)
  }

  /** Times show in the agent's own zone, else in the workspace's. */
  function holdZone(): void {
    myZone.value = me.value?.agent.settings?.time_zone || me.value?.workspace.time_zone || ''
  }

  function forget(): void {
    me.value = null
    holdCsrfToken(null)
  }

  async function refresh(): Promise<boolean> {
    try {
      hold(await api('GET /v1/me'))
      return true
    } catch (error) {
      if (!isProblem(error) || error.status !== 401) {
        problem.value = error
        throw error
      }
      asked.value = true
      forget()
      return false
    }
  }

  /** True when somebody is signed in; asks the server only once. */
  async function ensure(): Promise<boolean> {
    if (me.value) return true
    if (asked.value) return false
    asking ??= refresh().finally(() => (asking = null))
    return asking
  }

  async function signOut(): Promise<void> {
    await api('POST /v1/auth/sign-out')
    forget()
  }

  /** Keeps some settings of mine; they show at once and go back when the server refuses. */
  async function saveSettings(change: AgentSettings): Promise<void> {
    const before = me.value
    if (!before) return
    const merged = { ...before.agent.settings, ...change }
    me.value = { ...before, agent: { ...before.agent, settings: merged } }
    holdZone()
    try {
      await api('PATCH /v1/me', { body: { settings: merged } })
    } catch (error) {
      me.value = before
      holdZone()
      throw error
    }
  }

  async function setPresence(state: PresenceState): Promise<void> {
    if (!me.value) return
    await api('PUT /v1/agents/me/state', { body: { state } })
    showPresence(state)
  }

  function showPresence(state: PresenceState): void {
    if (me.value) me.value = { ...me.value, agent: { ...me.value.agent, state } }
  }

  /** My state was changed in another tab or by the server. */
  function hearPresence({ agent_id: id, state }: { agent_id: string; state: PresenceState }): void {
    if (me.value && id === me.value.agent.id) me.value = { ...me.value, agent: { ...me.value.agent, state } }
  }

  return { me, problem, hearPresence, role, isManager, settings, hold, forget, refresh, ensure, signOut, saveSettings, setPresence, showPresence }
})

/** Switches the language after its messages are here, so that no key ever shows. */
export async function useLanguage(language: Language): Promise<void> {
  await loadAllMessages(language)
  setLanguage(language)
}
