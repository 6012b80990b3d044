-- Pairs are proposed, looked at by a person, and live; each knows what it was made from.
alter table qa_pairs
  add column state text not null default 'live' check (state in ('proposed', 'live', 'rejected', 'retired')),
  add column origin text not null default 'person' check (origin in ('person', 'import', 'document', 'agent', 'gap', 'past')),
  add column maker text not null default '',    -- the rule or model that wrote it
  add column answers jsonb not null default '{}', -- language tag → answer; `answer` is the one in the workspace's language
  add column source_hash bytea,                 -- content hash of the passage it was made from
  add column source_heading text not null default '',
  add column source_quote text not null default '',
  add column conversation_id bigint,            -- the talk whose agent gave the answer
  add column duplicate_of bigint,               -- a live or proposed pair that asks the same
  add column similarity real,                   -- to that one, 0..1
  add column reviewed_by bigint,
  add column reviewed_at timestamptz,
  add foreign key (workspace_id, document_id) references documents(workspace_id, id) on delete set null (document_id),
  add foreign key (workspace_id, duplicate_of) references qa_pairs(workspace_id, id);
create index qa_pairs_state on qa_pairs (workspace_id, state, id desc) where deleted_at is null;
create index qa_pairs_document on qa_pairs (workspace_id, document_id) where document_id is not null;
