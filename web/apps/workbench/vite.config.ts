import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig, type Plugin } from 'vite'

/** Few requests on the first load: what every screen needs is two files, the inbox a third. */
const CHUNKS = [
  { name: 'vendor', test: /node_modules\/(@?vue|pinia|@tanstack)/, priority: 3 },
  { name: 'shell', test: /(apps\/workbench\/src\/(ui|shell|stores|live|theme|[\w-]+\.ts)|packages\/)/, priority: 2, minShareCount: 1 },
]

const backend = process.env['YINGKE_DEV_BACKEND'] ?? 'http://127.0.0.1:8080'

/** Browsers look for a new service worker byte by byte: the stamp makes each build one, and its cache a fresh one. */
function stampServiceWorker(): Plugin {
  return {
    name: 'stamp-service-worker',
    apply: 'build',
    writeBundle({ dir = '' }) {
      const build = createHash('sha256').update(readFileSync(join(dir, 'index.html'))).digest('hex').slice(0, 12)
      const path = join(dir, 'sw.js')
      writeFileSync(path, readFileSync(path, 'utf8').replace('__BUILD__', build))
    },
  }
}

export default defineConfig(({ command }) => ({
  base: command === 'build' ? '/assets/workbench/' : '/',
  plugins: [
    vue(),
    stampServiceWorker(),
    Components({ dirs: [], dts: false, resolvers: [ElementPlusResolver({ importStyle: 'css' })] }),
  ],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  build: {
    target: 'es2022',
    sourcemap: false,
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: { groups: CHUNKS } } },
  },
  server: {
    proxy: {
      '/v1': { target: backend, ws: true },
      '/files': backend,
    },
  },
  test: { environment: 'happy-dom', include: ['test/**/*.test.ts'] },
}))
