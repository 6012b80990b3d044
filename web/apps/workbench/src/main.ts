import { VueQueryPlugin } from '@tanstack/vue-query'
import { i18n } from '@yingke/i18n'
import { createPinia } from 'pinia'
import { createApp } from 'vue'

import App from './App.vue'
import { makeQueryClient } from './query-client'
import { makeRouter } from './router'
import { loadShellMessages } from './messages'
import { startTheme } from './theme/theme'
import { registerServiceWorker } from './shell/service-worker'
import './theme/base.css'

startTheme()
loadShellMessages()
const app = createApp(App)
app.use(createPinia())
app.use(VueQueryPlugin, { queryClient: makeQueryClient() })
app.use(makeRouter())
app.use(i18n)
app.mount('#app')
registerServiceWorker()
