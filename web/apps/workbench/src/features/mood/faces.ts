import type { Conversation } from '@yingke/api'

export type Mood = NonNullable<NonNullable<Conversation['understood']>['mood']>

/** Mouth and brows of each face, drawn in a 16×16 circle with the current colour. */
export const faces: Record<Mood, string> = {
  satisfied: 'M4.8 9.2c.9 2 5.5 2 6.4 0M5.6 6.3v.3M10.4 6.3v.3',
  calm: 'M5 10h6M5.6 6.3v.3M10.4 6.3v.3',
  anxious: 'M5 10.4c1-1.2 2 1.2 3 0s2 1.2 3 0M5.6 6.5v.3M10.4 6.5v.3M4.4 5.2l1.8-.7M11.6 5.2l-1.8-.7',
  disappointed: 'M5 11c.9-1.7 5.1-1.7 6 0M5.6 6.6v.3M10.4 6.6v.3',
  angry: 'M5 11.2c.9-1.7 5.1-1.7 6 0M5.6 7.2v.3M10.4 7.2v.3M4.2 4.8l2.2 1.2M11.8 4.8 9.6 6',
}

const depth: Record<Mood, number> = { satisfied: 2, calm: 1, anxious: -1, disappointed: -2, angry: -3 }

/** Where the feeling goes over the last messages: better, worse or neither. */
export function trendOf(understood: Conversation['understood']): 'up' | 'down' | null {
  const moods = understood?.moods ?? []
  const last = moods[moods.length - 1]
  const before = moods[moods.length - 2]
  if (!last || !before || last.mood === before.mood) return null
  return depth[last.mood] > depth[before.mood] ? 'up' : 'down'
}
