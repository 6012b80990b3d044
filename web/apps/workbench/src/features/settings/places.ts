interface Place {
  to: string
  label: string
  managersOnly?: boolean
}

/** The left side of every management screen, grouped by what people come for. */
export const settingsPlaces: { label: string; places: Place[] }[] = [
  {
    label: 'settings.group_reception',
    places: [
      { to: '/settings/assistants', label: 'settings.assistants', managersOnly: true },
      { to: '/settings/shops', label: 'settings.shops', managersOnly: true },
      { to: '/settings/rules', label: 'settings.rules', managersOnly: true },
      { to: '/settings/routing', label: 'settings.routing', managersOnly: true },
      { to: '/settings/guards', label: 'settings.guards', managersOnly: true },
      { to: '/settings/models', label: 'settings.models', managersOnly: true },
    ],
  },
  {
    label: 'settings.group_team',
    places: [
      { to: '/settings/team', label: 'settings.team', managersOnly: true },
      { to: '/settings/workspace', label: 'settings.workspace', managersOnly: true },
      { to: '/settings/audit', label: 'settings.audit', managersOnly: true },
    ],
  },
  {
    label: 'settings.group_programs',
    places: [
      { to: '/settings/api-keys', label: 'settings.api_keys', managersOnly: true },
      { to: '/settings/webhooks', label: 'settings.webhooks', managersOnly: true },
    ],
  },
  {
    label: 'settings.group_me',
    places: [
      { to: '/settings/profile', label: 'settings.profile' },
      { to: '/settings/sessions', label: 'settings.sessions' },
      { to: '/settings/appearance', label: 'settings.appearance' },
    ],
  },
]
