export interface TextPart {
  text: string
  url?: string
}

const LINK = /https?:\/\/[^\s<>"'，。；！？、）】」』]+/g

/** Text cut into plain parts and http(s) links; nothing else ever becomes a link. */
export function splitLinks(text: string): TextPart[] {
  const parts: TextPart[] = []
  let from = 0
  for (const match of text.matchAll(LINK)) {
    const url = match[0].replace(/[).,;:!?]+$/, '')
    if (match.index > from) parts.push({ text: text.slice(from, match.index) })
    parts.push({ text: url, url })
    from = match.index + url.length
  }
  if (from < text.length) parts.push({ text: text.slice(from) })
  return parts
}
