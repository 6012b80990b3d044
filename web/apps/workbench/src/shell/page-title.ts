import { ref, watchEffect } from 'vue'

import { t } from '@yingke/i18n'

/** Title of the open page, without the product's name. Pages about one thing set it themselves. */
export const pageTitle = ref('')
/** Customers waiting for me: shown first, so that it is readable in a narrow tab. */
export const waitingCount = ref(0)

watchEffect(() => {
  const waiting = waitingCount.value > 0 ? t('shell.title_waiting', { n: waitingCount.value }) : ''
  const page = pageTitle.value ? `${pageTitle.value} · ` : ''
  document.title = `${waiting}${page}${t('shell.product')}`
})
