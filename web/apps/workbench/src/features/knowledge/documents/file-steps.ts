import type { KnowledgeDocument } from '@yingke/api'

export const fileSteps = ['upload', 'parse', 'cut', 'index'] as const
export type FileStep = (typeof fileSteps)[number]

export interface StepView {
  step: FileStep
  /** 0..1 */
  progress: number
  state: 'done' | 'running' | 'waiting' | 'failed' | 'paused'
}

const stepOfServer: Record<string, FileStep> = {
  parse: 'parse',
  parsing: 'parse',
  cut: 'cut',
  cutting: 'cut',
  split: 'cut',
  splitting: 'cut',
  passages: 'cut',
  encode: 'index',
  encoding: 'index',
  embed: 'index',
  embedding: 'index',
  index: 'index',
  indexing: 'index',
}

/** Where the server says the document is: it names its step, or else only the state tells. */
export function stepOf(document: Pick<KnowledgeDocument, 'state' | 'step'>): FileStep {
  const named = stepOfServer[document.step]
  if (named) return named
  return document.state === 'indexing' ? 'index' : 'parse'
}

/** The four steps of a file as the row shows them. `sent` (0..1) is given while it is still being uploaded. */
export function viewSteps(
  document: Pick<KnowledgeDocument, 'state' | 'step' | 'progress'> | null,
  sent = 1,
): StepView[] {
  const now = document ? fileSteps.indexOf(stepOf(document)) : 0
  return fileSteps.map((step, at) => {
    if (document?.state === 'ready' || at < now) return { step, progress: 1, state: 'done' }
    if (at > now) return { step, progress: 0, state: 'waiting' }
    if (!document) return { step, progress: sent, state: 'running' }
    if (document.state === 'failed') return { step, progress: 0, state: 'failed' }
    if (document.state === 'queued') return { step, progress: 0, state: 'waiting' }
    if (document.state === 'paused') return { step, progress: document.progress, state: 'paused' }
    return { step, progress: document.progress, state: 'running' }
  })
}

export function isWorking(document: Pick<KnowledgeDocument, 'state'>): boolean {
  return ['queued', 'parsing', 'indexing', 'checking'].includes(document.state)
}

/** The steps are shown until the document is ready or waits for a person. */
export function showsSteps(document: Pick<KnowledgeDocument, 'state'>): boolean {
  return ['queued', 'parsing', 'indexing', 'paused', 'failed'].includes(document.state)
}
