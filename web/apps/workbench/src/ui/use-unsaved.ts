import { t } from '@yingke/i18n'
import { onBeforeUnmount, watch, type Ref } from 'vue'
import { onBeforeRouteLeave } from 'vue-router'

import { confirm } from './confirm'

/** Asks before leaving a page whose changes are not saved, also on closing the tab. */
export function useUnsaved(dirty: Readonly<Ref<boolean>>): void {
  const onUnload = (event: BeforeUnloadEvent): void => event.preventDefault()
  const stop = (): void => window.removeEventListener('beforeunload', onUnload)
  watch(dirty, (isDirty) => (isDirty ? window.addEventListener('beforeunload', onUnload) : stop()), { immediate: true })
  onBeforeUnmount(stop)
  onBeforeRouteLeave(() =>
    dirty.value
      ? confirm({ title: t('shell.leave_title'), text: t('shell.leave_text'), action: t('shell.leave_action'), danger: true })
      : true,
  )
}
