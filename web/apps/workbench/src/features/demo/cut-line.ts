/** A page of ours in a frame of the same origin, with what a cut of the line needs. */
type FramedWindow = Window & typeof globalThis

/**
 * Takes a frame's network away like a pulled plug: its socket falls, dialling and fetching fail, until the returned
 * function gives it back. The page inside is not told that this is a show, so that it proves itself.
 */
export function cutLine(frame: HTMLIFrameElement): () => void {
  const inside = frame.contentWindow as FramedWindow | null
  if (!inside) return () => undefined
  const { WebSocket: socket, fetch: reach } = inside
  const Refusing = function refuse(): never {
    throw new DOMException('cut', 'NetworkError')
  }
  inside.WebSocket = Refusing as unknown as typeof WebSocket
  inside.fetch = () => Promise.reject(new TypeError('cut'))
  inside.dispatchEvent(new Event('offline'))
  return () => {
    inside.WebSocket = socket
    inside.fetch = reach
    inside.dispatchEvent(new Event('online'))
  }
}
