import { afterEach, describe, expect, it } from 'vitest'

import { dayText, shortTime } from '../src/features/conversations/show-time'
import { showTime } from '../src/features/pieces/show-time'
import { dayNumber, instantOf, minutesAhead, myZone, wallOf } from '../src/theme/zone'

afterEach(() => {
  myZone.value = ''
})

describe('wall times of a zone that changes its clocks', () => {
  it('reads and names the same instant on both sides of the change', () => {
    for (const [wall, at] of [
      ['2026-03-08T01:30', '2026-03-08T06:30:00.000Z'],
      ['2026-03-08T03:30', '2026-03-08T07:30:00.000Z'],
      ['2026-11-01T00:30', '2026-11-01T04:30:00.000Z'],
      ['2026-11-01T02:30', '2026-11-01T07:30:00.000Z'],
    ] as const) {
      expect(wallOf(at, 'America/New_York')).toBe(wall)
      expect(instantOf(wall, 'America/New_York').toISOString()).toBe(at)
    }
  })

  it('moves a wall time that the clock skips behind the gap', () => {
    expect(wallOf(instantOf('2026-03-08T02:30', 'America/New_York'), 'America/New_York')).toBe('2026-03-08T03:30')
  })

  it('knows half hours, also those of summer time', () => {
    expect(minutesAhead('2026-01-15T00:00:00Z', 'Australia/Lord_Howe')).toBe(660)
    expect(minutesAhead('2026-07-15T00:00:00Z', 'Australia/Lord_Howe')).toBe(630)
    expect(minutesAhead('2026-07-15T00:00:00Z', 'Asia/Kolkata')).toBe(330)
  })

  it('counts one calendar day from a midnight to the next, however many hours it has', () => {
    const before = instantOf('2026-03-08T00:00', 'Europe/Berlin')
    const spring = instantOf('2026-03-29T00:00', 'Europe/Berlin')
    const after = instantOf('2026-03-30T00:00', 'Europe/Berlin')
    expect(after.getTime() - spring.getTime()).toBe(23 * 3_600_000)
    expect(dayNumber(after, 'Europe/Berlin') - dayNumber(spring, 'Europe/Berlin')).toBe(1)
    expect(dayNumber(spring, 'Europe/Berlin') - dayNumber(before, 'Europe/Berlin')).toBe(21)
  })
})

describe('times on the screens', () => {
  it('are in the zone of the agent', () => {
    const at = '2026-03-08T06:30:00Z'
    myZone.value = 'America/New_York'
    expect(showTime(at, 'en-GB')).toBe('08/03/2026, 01:30')
    expect(shortTime(at, 'zh-CN', Date.parse('2026-03-08T20:00:00Z'))).toBe('01:30')
    myZone.value = 'Asia/Shanghai'
    expect(showTime(at, 'en-GB')).toBe('08/03/2026, 14:30')
    expect(shortTime(at, 'zh-CN', Date.parse('2026-03-08T20:00:00Z'))).toBe('3/8')
    expect(showTime(at, 'en-GB', 'Asia/Tokyo')).toBe('08/03/2026, 15:30')
  })

  it('say yesterday by the calendar of the agent', () => {
    const [at, now] = ['2026-03-08T04:30:00Z', Date.parse('2026-03-08T05:30:00Z')]
    myZone.value = 'America/New_York'
    expect(dayText(at, 'en', now)).toBe('Yesterday')
    myZone.value = 'Asia/Shanghai'
    expect(dayText(at, 'en', now)).toBe('Today')
  })
})
