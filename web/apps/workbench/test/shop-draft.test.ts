import type { Shop } from '@yingke/api'
import { describe, expect, it } from 'vitest'

import { isReadableWithWhite } from '../src/features/shops/contrast'
import { readDraft, writeDraft } from '../src/features/shops/shop-draft'
import { snippetOf } from '../src/features/shops/snippet'

const shop: Shop = {
  id: '1',
  name: '青禾',
  site_key: 'site_1',
  domains: ['shop.example.com'],
  languages: ['zh-CN', 'en'],
  greeting: { 'zh-CN': '您好', en: 'Hello' },
  suggested_questions: { 'zh-CN': ['几天发货'], en: ['When?'] },
  privacy: { version: '1', url: null, text: { 'zh-CN': '提示', en: 'Notice' } },
  look: { color: '#1f6feb', position: 'right', offset_x: 24, offset_y: 24, z_index: 9, title: '', logo_url: '/logo.png' },
  hours: { days: [{ day: 1, from: '09:00', to: '18:00' }], exceptions: [{ date: '2026-10-01', note: '国庆' }] },
  assistant: { name: '小禾', enabled: true, avatar: null },
  reopen_hours: 0,
  all_agents: false,
  agent_ids: ['7'],
  installed_at: null,
  installed_url: null,
  snippet: '<script async src="https://kf.example.com/widget.js" data-key="site_1"></script>',
  chat_url: 'https://kf.example.com/chat/site_1',
  created_at: '2026-11-22T00:00:00Z',
}

describe('the form of a shop', () => {
  it('sends back what it read when nothing was changed', () => {
    const sent = writeDraft(shop, readDraft(shop))
    for (const [name, value] of Object.entries(sent)) expect([name, value]).toEqual([name, shop[name as keyof Shop]])
  })

  it('keeps a logo that the form does not show', () => {
    expect(writeDraft(shop, readDraft(shop)).look?.logo_url).toBe('/logo.png')
  })

  it('leaves the days out when people are there around the clock', () => {
    const draft = readDraft(shop)
    draft.hours.isAlways = true
    expect(writeDraft(shop, draft).hours?.days).toBeUndefined()
  })

  it('reads lines of text as a list without blanks', () => {
    const draft = readDraft(shop)
    draft.domains = ' a.example.com \n\n b.example.com'
    expect(writeDraft(shop, draft).domains).toEqual(['a.example.com', 'b.example.com'])
  })
})

describe('the look on the script tag', () => {
  it('names the colour, and the side and distance only where they differ from the bubble as it comes', () => {
    expect(snippetOf(shop)).toContain('data-color="#1f6feb"></script>')
    expect(snippetOf({ ...shop, look: { ...shop.look, position: 'left', offset_y: 80 } })).toContain('data-position="left" data-offset="24,80"')
  })

  it('never carries something that is not a colour', () => {
    expect(snippetOf({ ...shop, look: { color: '"><script>' } })).toBe(shop.snippet)
  })

  it('knows on which colours white can be read', () => {
    expect(isReadableWithWhite('#0f5fd6')).toBe(true)
    expect(isReadableWithWhite('#ffd400')).toBe(false)
  })
})
