import { computed, onBeforeUnmount, onMounted, ref, shallowRef, toRaw } from "vue";
import { onBeforeRouteLeave } from "vue-router";
import { askToDiscard } from "./ask-first";
import { type Trouble, toTrouble } from "./trouble";

function copyOf<T>(value: T): T {
  return JSON.parse(JSON.stringify(toRaw(value))) as T;
}

/**
 * A form's working copy beside the saved one: knows whether it differs, saves it, shows the server's reason at each field,
 * and asks before unsaved work is left behind (navigation and closing the tab).
 */
export function useDraft<T extends object>(saved: T, write: (draft: T) => Promise<T>) {
  const base = ref(JSON.stringify(saved));
  const draft = ref<T>(copyOf(saved));
  const trouble = shallowRef<Trouble | null>(null);
  const isSaving = ref(false);
  const isDirty = computed(() => JSON.stringify(draft.value) !== base.value);
  const fields = computed<Record<string, string>>(() => trouble.value?.fields ?? {});

  function restart(next: T): void {
    base.value = JSON.stringify(next);
    draft.value = copyOf(next);
    trouble.value = null;
  }

  function discard(): void {
    restart(JSON.parse(base.value) as T);
  }

  async function save(): Promise<boolean> {
    if (isSaving.value) return false;
    isSaving.value = true;
    trouble.value = null;
    try {
      restart(await write(copyOf(draft.value as T)));
      return true;
    } catch (error) {
      trouble.value = toTrouble(error);
      return false;
    } finally {
      isSaving.value = false;
    }
  }

  function holdTab(event: BeforeUnloadEvent): void {
    if (isDirty.value) event.preventDefault();
  }
  onMounted(() => addEventListener("beforeunload", holdTab));
  onBeforeUnmount(() => removeEventListener("beforeunload", holdTab));
  onBeforeRouteLeave(() => !isDirty.value || askToDiscard());

  return { draft, isDirty, isSaving, fields, trouble, save, discard, restart };
}
