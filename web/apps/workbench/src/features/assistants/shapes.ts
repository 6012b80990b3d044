import type { Answer } from '@yingke/api'

export type Versions = Answer<'GET /v1/assistant-versions'>
export type Version = NonNullable<Versions['live']>
export type Config = Versions['built']
export type Skills = Answer<'GET /v1/assistant-skills'>
export type Skill = Skills['skills'][number]
export type Tool = Skills['tools'][number]
export type Sentence = Skills['sentences'][number]
export type Template = Answer<'GET /v1/assistant-templates'>[number]
export type Tone = NonNullable<Config['tone']>

export const tones: Tone[] = ['friendly', 'formal', 'lively']
