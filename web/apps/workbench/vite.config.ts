import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig } from 'vite'

const backend = process.env['YINGKE_DEV_BACKEND'] ?? 'http://127.0.0.1:8080'

export default defineConfig(({ command }) => ({
  base: command === 'build' ? '/assets/workbench/' : '/',
  plugins: [
    vue(),
    Components({ dirs: [], dts: false, resolvers: [ElementPlusResolver({ importStyle: 'css' })] }),
  ],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  build: { target: 'es2022', sourcemap: false, reportCompressedSize: false },
  server: {
    proxy: {
      '/v1': { target: backend, ws: true },
      '/files': backend,
    },
  },
  test: { environment: 'happy-dom', include: ['test/**/*.test.ts'] },
}))
