import { ref } from 'vue'

export type ThemeChoice = 'light' | 'dark' | 'auto'

const STORE_KEY = 'yingke.theme'
const prefersDark = window.matchMedia('(prefers-color-scheme: dark)')

export const themeChoice = ref<ThemeChoice>('auto')

export function startTheme(): void {
  const stored = readChoice()
  themeChoice.value = stored
  apply()
  prefersDark.addEventListener('change', apply)
}

export function chooseTheme(choice: ThemeChoice): void {
  themeChoice.value = choice
  try {
    localStorage.setItem(STORE_KEY, choice)
  } catch {
    // Storage may be blocked; the choice then lives as long as the page.
  }
  apply()
}

function apply(): void {
  const isDark = themeChoice.value === 'dark' || (themeChoice.value === 'auto' && prefersDark.matches)
  document.documentElement.classList.toggle('dark', isDark)
  document.documentElement.dataset['ykTheme'] = isDark ? 'dark' : 'light'
}

function readChoice(): ThemeChoice {
  try {
    const stored = localStorage.getItem(STORE_KEY)
    if (stored === 'light' || stored === 'dark') return stored
  } catch {
    // Falls through to auto.
  }
  return 'auto'
}
