import { QueryClient } from '@tanstack/vue-query'
import { ApiProblem } from '@yingke/api'

/** Reads are kept for 30 s, tried again only when the trouble may pass, and not refetched on focus: the live stream tells. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && error instanceof ApiProblem && error.isPassing && !error.isBusy,
      },
      mutations: { retry: false },
    },
  })
}
