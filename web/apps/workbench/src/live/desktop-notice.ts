export async function askForNotices(): Promise<boolean> {
  if (!('Notification' in window)) return false
  return (await Notification.requestPermission()) === 'granted'
}

/** Shows a system notice whose click opens `/app/conversations?c=ID`; one per conversation, the newest text wins. */
export async function notifyDesktop(title: string, body: string, conversationId: string): Promise<void> {
  if (!('Notification' in window) || Notification.permission !== 'granted') return
  const path = `/app/conversations?c=${encodeURIComponent(conversationId)}`
  const options = { body, tag: `conversation-${conversationId}`, icon: '/assets/workbench/icon-192.png', data: { path } }
  const worker = await navigator.serviceWorker?.getRegistration()
  if (worker) return worker.showNotification(title, options)
  const notice = new Notification(title, options)
  notice.onclick = () => {
    window.focus()
    window.location.assign(path)
  }
}
