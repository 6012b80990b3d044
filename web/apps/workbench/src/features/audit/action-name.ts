import { t } from '@yingke/i18n'

/** "api_key.created" in words; an action without words of its own is shown as it is stored. */
export function actionName(action: string): string {
  const key = `audit.actions.${action.replace('.', '_')}`
  const name = t(key)
  return name === key ? action : name
}
