import type { Answer, BodyOf } from '@yingke/api'
import { currentLanguage } from '@yingke/i18n'

export type Pack = Answer<'GET /v1/guards/packs'>['items'][number]
export type PackWord = Answer<'GET /v1/guards/packs/{pack}/words'>['items'][number]
export type OwnWord = Answer<'GET /v1/guards/words'>['items'][number]
export type NewOwnWord = BodyOf<'POST /v1/guards/words'>
export type Checked = Answer<'POST /v1/guards/check'>
export type Found = Checked['found'][number]
export type Stop = Answer<'GET /v1/guards/stops'>['items'][number]
export type Policy = Answer<'GET /v1/guards/contact-policies'>['items'][number]
export type Danger = Answer<'GET /v1/guards/dangers'>['items'][number]
export type Level = OwnWord['level']
export const levels = ['block', 'rewrite', 'warn'] as const
export const tones = { block: 'danger', rewrite: 'warning', warn: 'info', off: 'info', ok: 'success' } as const

/** The half of something told in both languages that is ours. */
export function ours(zh: string, en: string): string {
  return currentLanguage() === 'zh-CN' ? zh : en
}
