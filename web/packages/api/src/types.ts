/** What crosses the wire, in the words of the glossary. */
export type * from './people'
export type * from './conversations'
export type * from './running'
export type * from './knowledge'
