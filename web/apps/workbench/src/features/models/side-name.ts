import type { ModelSide } from '@yingke/api'
import { t } from '@yingke/i18n'

/** What was tried: a model, a version of the team, both, or the assistant as customers meet it. */
export function sideName(side: ModelSide): string {
  const version = side.version === null ? '' : t('models.team_version', { n: side.version })
  return [side.name, version].filter(Boolean).join(' · ') || t('models.compare_live')
}
