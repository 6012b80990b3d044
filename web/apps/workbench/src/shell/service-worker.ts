import { t } from '@yingke/i18n'

import { toast } from '@/ui/toast'

/** Registers the worker of the installed app; a waiting new version asks before it takes over. */
export function registerServiceWorker(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  window.addEventListener('load', () => void register())
}

async function register(): Promise<void> {
  const registration = await navigator.serviceWorker.register('/sw.js', { scope: '/app/' }).catch(() => null)
  if (!registration) return
  if (registration.waiting && navigator.serviceWorker.controller) offerUpdate(registration.waiting)
  registration.addEventListener('updatefound', () => {
    const worker = registration.installing
    worker?.addEventListener('statechange', () => {
      if (worker.state === 'installed' && navigator.serviceWorker.controller) offerUpdate(worker)
    })
  })
}

function offerUpdate(worker: ServiceWorker): void {
  toast.plain(t('shell.update_ready'), {
    lasts: 60_000,
    action: {
      label: t('shell.update_now'),
      act: () => {
        navigator.serviceWorker.addEventListener('controllerchange', () => window.location.reload(), { once: true })
        worker.postMessage('take-over')
      },
    },
  })
}
