import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig } from 'vite'

/** Few requests on the first load: what every screen needs is two files, the inbox a third. */
const CHUNKS = [
  { name: 'vendor', test: /node_modules\/(@?vue|pinia|@tanstack)/, priority: 3 },
  { name: 'shell', test: /(apps\/workbench\/src\/(ui|shell|stores|live|theme|[\w-]+\.ts)|packages\/)/, priority: 2, minShareCount: 1 },
]

const backend = process.env['YINGKE_DEV_BACKEND'] ?? 'http://127.0.0.1:8080'

export default defineConfig(({ command }) => ({
  base: command === 'build' ? '/assets/workbench/' : '/',
  plugins: [
    vue(),
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
