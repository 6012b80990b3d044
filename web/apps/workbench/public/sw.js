// Keeps the shell openable without a network. Never touches /v1, /files or another origin.
const CACHE = 'yingke-shell-__BUILD__' // stamped by the build, so that every release is an update
const SHELL = '/app/'

self.addEventListener('install', (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.add(new Request(SHELL, { cache: 'reload' }))))
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches.keys().then((names) => Promise.all(names.filter((name) => name !== CACHE).map((name) => caches.delete(name)))),
  )
  self.clients.claim()
})

self.addEventListener('message', (event) => event.data === 'take-over' && self.skipWaiting())

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return
  if (request.mode === 'navigate' && url.pathname.startsWith('/app')) event.respondWith(freshShell(request))
  else if (url.pathname.startsWith('/assets/workbench/assets/')) event.respondWith(hashedFile(request))
})

const keep = async (key, answer) => (answer.ok && (await (await caches.open(CACHE)).put(key, answer.clone())), answer)
const freshShell = (request) => fetch(request).then((answer) => keep(SHELL, answer), () => caches.match(SHELL))
const hashedFile = async (request) => (await caches.match(request)) ?? keep(request, await fetch(request))

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  const path = event.notification.data?.path ?? SHELL
  event.waitUntil(self.clients.matchAll({ type: 'window' }).then((open) => (open[0] ? open[0].navigate(path).then((tab) => tab.focus()) : self.clients.openWindow(path))))
})
