import { describe, expect, it } from 'vitest'

import { isWorking, viewSteps } from '../src/features/knowledge/documents/file-steps'

const document = (state: 'queued' | 'parsing' | 'indexing' | 'ready' | 'failed' | 'held', step: string, progress = 0) => ({
  state,
  step,
  progress,
})

describe('the four steps of a file', () => {
  it('shows the bytes sent while it is being uploaded', () => {
    const steps = viewSteps(null, 0.4)
    expect(steps.map((step) => step.state)).toEqual(['running', 'waiting', 'waiting', 'waiting'])
    expect(steps[0]?.progress).toBe(0.4)
  })

  it('counts what lies before the step the server names as done', () => {
    const steps = viewSteps(document('indexing', 'index', 0.5))
    expect(steps.map((step) => step.state)).toEqual(['done', 'done', 'done', 'running'])
    expect(steps[3]?.progress).toBe(0.5)
  })

  it('marks the step at which a file failed', () => {
    expect(viewSteps(document('failed', 'cut')).map((step) => step.state)).toEqual(['done', 'done', 'failed', 'waiting'])
  })

  it('is all done when the file can be used', () => {
    expect(viewSteps(document('ready', 'index', 1)).every((step) => step.state === 'done')).toBe(true)
  })

  it('asks for news only while the server works on it', () => {
    expect(isWorking(document('queued', 'parse'))).toBe(true)
    expect(isWorking(document('held', 'parse'))).toBe(false)
  })
})
