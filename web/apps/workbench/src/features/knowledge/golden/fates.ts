import type { ResolutionFigures } from '@yingke/api'

export type Fate = ResolutionFigures['fates'][number]
export type FateKey = Fate['key']
