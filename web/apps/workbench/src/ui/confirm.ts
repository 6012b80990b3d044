import { shallowRef } from 'vue'

export interface Question {
  title: string
  text?: string
  /** The verb on the button, never "OK". */
  action: string
  cancel?: string
  danger?: boolean
}

export interface AskedQuestion extends Question {
  settle: (answer: boolean) => void
}

export const asked = shallowRef<AskedQuestion | null>(null)

/** Asks before something that cannot be undone; resolves to false on Escape and outside clicks. */
export function confirm(question: Question): Promise<boolean> {
  asked.value?.settle(false)
  return new Promise((resolve) => {
    asked.value = {
      ...question,
      settle: (answer) => {
        asked.value = null
        resolve(answer)
      },
    }
  })
}
