export default {
  chip: 'AI translation',
  writes: 'The customer writes {language}',
  on: 'Show translations',
  off: 'Hide translations',
  draft: 'Put the draft into {language}',
  translating: 'Translating…',
  use: 'Use the translation',
  keep: 'Keep the original',
  how: 'Add a model to see both directions translated',
  ask_admin: 'Once an admin adds a model, both directions are translated here',
}
