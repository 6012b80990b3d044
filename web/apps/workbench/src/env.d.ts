/// <reference types="vite/client" />
import 'vue-router'
import type { Role } from '@yingke/api'
import type { IconName } from '@/ui/icons'

declare module 'vue-router' {
  interface RouteMeta {
    /** Message key of the page title. */
    title?: string
    /** Shown without the rail, and open to people who are not signed in. */
    public?: boolean
    /** Who may open it; everyone when absent. */
    roles?: Role[]
    /** A place in the rail, named `shell.names.<folder>`; `group` draws a line between daily work and management. */
    nav?: { order: number; icon: IconName; label?: string; group?: 'work' | 'manage' }
    /** The folder under features/ that the route comes from; filled in by the router. */
    feature?: string
    /** Fills the window without page scrolling (the inbox). */
    fill?: boolean
    /** Folders under features/ whose messages this route needs besides its own. */
    messages?: string[]
    /** A tab of the knowledge page, in this order. */
    tab?: { order: number; label: string }
    /** The knowledge page shows the box for trying a question beside it. */
    asks?: boolean
  }
}
