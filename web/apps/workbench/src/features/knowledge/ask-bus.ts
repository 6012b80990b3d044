import { ref } from 'vue'

/** The file that just became ready, so that the ask box beside the list can suggest trying it. */
export const freshDocument = ref<{ id: string; name: string } | null>(null)
