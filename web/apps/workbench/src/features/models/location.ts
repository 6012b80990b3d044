export type Location = 'mainland' | 'abroad' | 'local' | 'unknown'

/** Services known to run in mainland China; everything else with a public name counts as abroad until the server says otherwise. */
const mainlandHosts = [
  'aliyuncs.com',
  'bigmodel.cn',
  'deepseek.com',
  'moonshot.cn',
  'minimax.chat',
  'minimaxi.com',
  'volces.com',
  'volcengineapi.com',
  'baidubce.com',
  'hunyuan.cloud.tencent.com',
  'tencentcloudapi.com',
  'siliconflow.cn',
  'stepfun.com',
  'xf-yun.com',
  'sensenova.cn',
  'baichuan-ai.com',
  'lingyiwanwu.com',
]

/** Where an address most likely runs, told while it is being typed. */
export function guessLocation(address: string): Location {
  let host: string
  try {
    host = new URL(address).hostname.toLowerCase()
  } catch {
    return 'unknown'
  }
  if (isLocal(host)) return 'local'
  if (host.startsWith('dashscope-intl.') || host.startsWith('dashscope-us.')) return 'abroad'
  if (host.endsWith('.cn') || mainlandHosts.some((known) => host === known || host.endsWith(`.${known}`)))
    return 'mainland'
  return host.includes('.') ? 'abroad' : 'unknown'
}

function isLocal(host: string): boolean {
  if (host === 'localhost' || host === '[::1]' || host.endsWith('.local') || host.endsWith('.internal')) return true
  return /^(127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/.test(host)
}

export function isAddress(text: string): boolean {
  return /^https?:\/\/[^\s/]+/.test(text.trim())
}
