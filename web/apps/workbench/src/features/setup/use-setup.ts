import type { Setup } from '@yingke/api'
import { computed, ref, shallowRef } from 'vue'
import { api } from '@/api'
import { useMe } from '@/stores/me'
import { toast } from '@/ui/toast'
import { toTrouble } from '../pieces/trouble'

export const setupSteps = ['shop', 'install', 'upload', 'ask', 'take_over'] as const
export type SetupStep = (typeof setupSteps)[number]

function isStep(text: string): text is SetupStep {
  return (setupSteps as readonly string[]).includes(text)
}

/** Where the wizard stands; every change is kept on the server, so that another browser goes on from there. */
export function useSetup() {
  const me = useMe()
  const stored = shallowRef<Setup>(me.me?.workspace.setup ?? { step: '', skipped: false, done: [] })
  const step = ref<SetupStep | 'finished'>(firstStep(stored.value))
  const done = computed(() => new Set(stored.value.done))

  async function keep(change: Partial<Setup>): Promise<void> {
    try {
      stored.value = await api('PATCH /v1/setup', { body: change })
      if (me.me) me.hold({ ...me.me, workspace: { ...me.me.workspace, setup: stored.value } })
    } catch (error) {
      toast.bad(toTrouble(error))
    }
  }

  async function go(next: SetupStep): Promise<void> {
    step.value = next
    await keep({ step: next })
  }

  /** Marks a step as done without leaving it. */
  async function mark(finished: SetupStep): Promise<void> {
    if (!done.value.has(finished)) await keep({ done: [...stored.value.done, finished] })
  }

  async function next(): Promise<void> {
    const at = setupSteps.indexOf(step.value as SetupStep)
    const following = setupSteps[at + 1]
    if (following) await go(following)
    else step.value = 'finished'
  }

  async function back(): Promise<void> {
    const before = step.value === 'finished' ? setupSteps.at(-1) : setupSteps[setupSteps.indexOf(step.value) - 1]
    if (before) await go(before)
  }

  return { step, done, go, mark, next, back, skip: () => keep({ skipped: true }) }
}

function firstStep(setup: Setup): SetupStep | 'finished' {
  if (setupSteps.every((step) => setup.done.includes(step))) return 'finished'
  if (isStep(setup.step)) return setup.step
  return setupSteps.find((step) => !setup.done.includes(step)) ?? 'shop'
}
