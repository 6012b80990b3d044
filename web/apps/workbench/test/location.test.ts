import { describe, expect, it } from 'vitest'

import { guessLocation, isAddress } from '../src/features/models/location'

describe('where a model runs, told while its address is typed', () => {
  it.each([
    ['https://api.deepseek.com/v1', 'mainland'],
    ['https://dashscope.aliyuncs.com/compatible-mode/v1', 'mainland'],
    ['https://dashscope-intl.aliyuncs.com/compatible-mode/v1', 'abroad'],
    ['https://api.openai.com/v1', 'abroad'],
    ['http://192.168.1.20:8000/v1', 'local'],
    ['http://localhost:11434/v1', 'local'],
    ['not an address', 'unknown'],
  ])('%s is %s', (address, place) => {
    expect(guessLocation(address)).toBe(place)
  })

  it('takes web addresses only', () => {
    expect(isAddress('https://a.example/v1')).toBe(true)
    expect(isAddress('javascript:alert(1)')).toBe(false)
  })
})
