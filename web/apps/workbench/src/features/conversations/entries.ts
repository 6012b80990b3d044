import type { Message, Note } from '@yingke/api'
import type { Reply } from '@yingke/live'

import type { Outgoing } from './outgoing'

/** One thing in the log, top to bottom. */
export type Entry =
  | { kind: 'day'; key: string; time: string }
  | { kind: 'message'; key: string; message: Message; isFirst: boolean }
  | { kind: 'system'; key: string; messages: Message[] }
  | { kind: 'fold'; key: string; turns: number; messages: Message[] }
  | { kind: 'note'; key: string; note: Note }
  | { kind: 'outgoing'; key: string; item: Outgoing }
  | { kind: 'reply'; key: string; reply: Reply }

const FOLD_FROM_TURNS = 4

export interface Log {
  messages: readonly Message[]
  notes: readonly Note[]
  outgoing: readonly Outgoing[]
  replies: readonly Reply[]
  /** Keys of folds that the agent opened. */
  unfolded: ReadonlySet<string>
  /** False while the assistant still answers: then nothing folds. */
  folds: boolean
}

/**
 * Builds the log: a line a day, successive system messages as one, notes where they were written,
 * a long run of AI answers before a person came in as one line that opens.
 */
export function buildEntries(log: Log): Entry[] {
  const entries: Entry[] = []
  const noteQueue = [...log.notes].sort((one, other) => one.after_seq - other.after_seq)
  const folded = log.folds ? foldedRun(log.messages) : []
  const foldKey = `fold-${folded[0]?.seq ?? 0}`
  const isFolded = folded.length > 0 && !log.unfolded.has(foldKey)
  const foldEnd = folded[folded.length - 1]?.seq ?? 0
  let day = ''
  let previous: Message | null = null

  for (const message of log.messages) {
    const messageDay = new Date(message.created_at).toDateString()
    if (messageDay !== day) {
      day = messageDay
      entries.push({ kind: 'day', key: `day-${message.seq}`, time: message.created_at })
      previous = null
    }
    if (isFolded && message.seq <= foldEnd && message.seq >= (folded[0]?.seq ?? 0)) {
      if (message.seq === folded[0]?.seq) {
        entries.push({ kind: 'fold', key: foldKey, turns: countTurns(folded), messages: folded })
      }
    } else addMessage(entries, message, previous)
    previous = message
    while (noteQueue[0] && noteQueue[0].after_seq <= message.seq) entries.push(noteEntry(noteQueue.shift() as Note))
  }
  for (const note of noteQueue) entries.push(noteEntry(note))
  for (const reply of log.replies) entries.push({ kind: 'reply', key: `reply-${reply.reply_id}`, reply })
  for (const item of log.outgoing) entries.push({ kind: 'outgoing', key: `out-${item.clientMessageId}`, item })
  return entries
}

function addMessage(entries: Entry[], message: Message, previous: Message | null): void {
  const last = entries[entries.length - 1]
  if (message.from === 'system') {
    if (last?.kind === 'system') entries[entries.length - 1] = { ...last, messages: [...last.messages, message] }
    else entries.push({ kind: 'system', key: `system-${message.seq}`, messages: [message] })
    return
  }
  const isSame = last?.kind === 'message' && previous?.from === message.from && previous.agent?.id === message.agent?.id
  entries.push({ kind: 'message', key: `message-${message.seq}`, message, isFirst: !isSame })
}

function noteEntry(note: Note): Entry {
  return { kind: 'note', key: `note-${note.id}`, note }
}

/** The messages before a person or the queue came in, when the assistant answered often there; the last turn stays open. */
function foldedRun(messages: readonly Message[]): Message[] {
  const end = messages.findIndex((message) => message.from === 'agent' || message.from === 'system')
  const run = end < 0 ? [] : messages.slice(0, end)
  if (countTurns(run) < FOLD_FROM_TURNS) return []
  const lastTurn = run.findLastIndex((message, at) => message.from === 'contact' && run[at - 1]?.from !== 'contact')
  return run.slice(0, lastTurn)
}

function countTurns(messages: readonly Message[]): number {
  return messages.filter((message, at) => message.from === 'assistant' && messages[at - 1]?.from !== 'assistant').length
}
