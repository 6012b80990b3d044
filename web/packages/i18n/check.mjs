// Fails when a message exists in one language only, when a used key exists in none,
// or when the placeholders of the two languages differ.
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import typescript from 'typescript'

const here = dirname(fileURLToPath(import.meta.url))
const source = join(here, '..', '..', 'apps', 'workbench', 'src')

function filesUnder(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? filesUnder(path) : [path]
  })
}

async function messagesOf(path) {
  const { outputText } = typescript.transpileModule(readFileSync(path, 'utf8'), {
    compilerOptions: { module: 'ESNext', target: 'ES2022' },
  })
  const module = await import(`data:text/javascript,${encodeURIComponent(outputText)}`)
  return flatten(module.default, speakerOf(path))
}

/** `shell`, a feature's folder, or `feature_part` for a part of a feature. */
function speakerOf(path) {
  return relative(join(source, 'features'), dirname(path)).startsWith('..')
    ? basename(dirname(path))
    : relative(join(source, 'features'), dirname(path)).replaceAll(/[\\/]/g, '_')
}

function flatten(messages, prefix, into = new Map()) {
  for (const [key, value] of Object.entries(messages)) {
    if (typeof value === 'string') into.set(`${prefix}.${key}`, value)
    else flatten(value, `${prefix}.${key}`, into)
  }
  return into
}

const holes = (text) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort().join()
const faults = []
const known = new Set()
const files = filesUnder(source)

for (const path of files.filter((name) => name.endsWith('messages.zh.ts'))) {
  const chinese = await messagesOf(path)
  const english = await messagesOf(path.replace('.zh.ts', '.en.ts'))
  for (const [key, text] of chinese) {
    known.add(key)
    if (!english.has(key)) faults.push(`${key}: no English`)
    else if (holes(text) !== holes(english.get(key))) faults.push(`${key}: placeholders differ`)
  }
  for (const key of english.keys()) if (!chinese.has(key)) faults.push(`${key}: no Chinese`)
}

for (const path of files.filter((name) => /\.(vue|ts)$/.test(name) && !/messages\.\w+\.ts$/.test(name))) {
  for (const [, key] of readFileSync(path, 'utf8').matchAll(/(?<![\w.])\$?t\(\s*'([\w-]+(?:\.[\w-]+)+)'/g)) {
    if (!known.has(key)) faults.push(`${relative(source, path)}: unknown key ${key}`)
  }
}

for (const fault of faults) console.error(fault)
console.log(`${known.size} keys, ${faults.length} faults`)
process.exit(faults.length ? 1 : 0)
