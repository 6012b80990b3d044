import type { ApiProblem } from '@yingke/api'
import { useI18n } from '@yingke/i18n'
import { computed, reactive, ref, shallowRef } from 'vue'
import { api } from '@/api'
import { toast } from '@/ui/toast'
import { toTrouble } from '../../pieces/trouble'
import type { Connection, Field, Provider, Tried } from './connections'

/** The form of one provider: for a new connection, or for one that is there. */
export function useConnectionForm(connection: Connection | null) {
  const { t } = useI18n()
  const provider = shallowRef<Provider | null>(null)
  const draft = reactive({ name: connection?.name ?? '', shops: connection?.shop_ids ?? [], values: {} as Record<string, string> })
  const trouble = shallowRef<ApiProblem | null>(null)
  const tried = shallowRef<Tried | null>(null)
  const working = ref<'test' | 'save' | null>(null)
  const shown = computed(() => provider.value?.fields.filter((field) => field.kind !== 'mapping') ?? [])

  function choose(one: Provider): void {
    provider.value = one
    tried.value = trouble.value = null
    if (!connection) draft.name = ''
    draft.values = Object.fromEntries(one.fields.filter((field) => field.kind !== 'mapping').map((field) => [field.key, start(field)]))
  }

  function start(field: Field): string {
    if (field.kind === 'secret') return ''
    const kept = connection?.settings[field.key]
    return typeof kept === 'string' ? kept : connection ? '' : field.default
  }

  function isKept(field: Field): boolean {
    return field.kind === 'secret' && (connection?.secrets_set.includes(field.key) ?? false)
  }

  async function run<T>(what: 'test' | 'save', step: () => Promise<T>): Promise<T | null> {
    working.value = what
    trouble.value = tried.value = null
    try {
      return await step()
    } catch (error) {
      trouble.value = toTrouble(error)
      return null
    } finally {
      working.value = null
    }
  }

  async function test(): Promise<void> {
    const name = provider.value?.name ?? ''
    const body = { provider: name, form: { ...draft.values }, connection_id: connection?.id ?? null }
    tried.value = await run('test', () => api('POST /v1/shop-connections/test', { body }))
  }

  async function save(): Promise<Connection | null> {
    const shared = { shop_ids: draft.shops.length ? draft.shops : null, form: { ...draft.values } }
    const name = draft.name.trim()
    const saved = await run('save', () =>
      connection
        ? api('PATCH /v1/shop-connections/{id}', { path: { id: connection.id }, body: { ...shared, name } })
        : api('POST /v1/shop-connections', { body: { ...shared, provider: provider.value?.name ?? '', ...(name ? { name } : {}) } }),
    )
    const done = connection ? 'saved' : saved?.provider === 'http_shop' ? 'added_fields' : 'added'
    if (saved) toast.ok(t(`commerce_connections.${done}`))
    return saved
  }

  return { provider, draft, trouble, tried, working, shown, choose, isKept, test, save }
}
