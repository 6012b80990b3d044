import { describe, expect, it } from 'vitest'

import { showsSteps, viewSteps } from '../src/features/knowledge/documents/file-steps'
import { dayOf, endOfDay, startOfDay, validityOf } from '../src/features/knowledge/documents/zone-days'

describe('days of validity', () => {
  it('begin and end by the clock of the workspace', () => {
    expect(startOfDay('2026-11-20', 'Asia/Shanghai')).toBe('2026-11-19T16:00:00.000Z')
    expect(endOfDay('2026-12-01', 'Asia/Shanghai')).toBe('2026-12-01T15:59:59.000Z')
    expect(dayOf('2026-12-01T15:59:59Z', 'Asia/Shanghai')).toBe('2026-12-01')
    expect(dayOf('2026-12-01T15:59:59Z', 'Pacific/Auckland')).toBe('2026-12-02')
  })

  it('survive a change of the clocks', () => {
    expect(startOfDay('2026-03-29', 'Europe/Madrid')).toBe('2026-03-28T23:00:00.000Z')
    expect(endOfDay('2026-03-29', 'Europe/Madrid')).toBe('2026-03-29T21:59:59.000Z')
  })

  it('are empty when nothing was chosen', () => {
    expect(startOfDay('', 'Asia/Shanghai')).toBeNull()
    expect(dayOf(null, 'Asia/Shanghai')).toBe('')
  })

  it('count down to the beginning and the end', () => {
    const now = Date.parse('2026-11-22T00:00:00Z')
    expect(validityOf(null, null, now)).toEqual({ state: 'always', days: 0 })
    expect(validityOf('2026-11-25T00:00:00Z', null, now)).toEqual({ state: 'soon', days: 3 })
    expect(validityOf(null, '2026-11-22T10:00:00Z', now)).toEqual({ state: 'running', days: 0 })
    expect(validityOf('2026-01-01T00:00:00Z', '2026-11-21T00:00:00Z', now)).toEqual({ state: 'expired', days: 0 })
  })
})

describe('a paused file', () => {
  it('shows how far it came', () => {
    const steps = viewSteps({ state: 'paused', step: 'index', progress: 0.4 })
    expect(steps.map((step) => step.state)).toEqual(['done', 'done', 'done', 'paused'])
    expect(steps[3]?.progress).toBe(0.4)
  })

  it('keeps its steps on screen, one that is checked does not', () => {
    expect(showsSteps({ state: 'paused' })).toBe(true)
    expect(showsSteps({ state: 'checking' })).toBe(false)
  })
})
