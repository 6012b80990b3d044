-- Pairs are proposed, looked at by a person, and live; each knows what it was made from.
alter table qa_pairs
  add column state text not null default 'live' check (state in ('proposed', 'live', 'rejected', 'retired')),
  add column origin text not null default 'person' check (origin in ('person', 'import', 'document', 'agent', 'gap', 'past')),
  add column maker text not null default '',    -- the rule or model that wrote it
  add column answers jsonb not null default '{}', -- language tag → answer; `answer` is the one in the workspace's language
  add column machine_languages text[] not null default '{}', -- of `answers`: written by a model, no person has looked yet
  add column fingerprint bytea,                 -- of the question and answer first written; the same is not proposed twice
  add column vector halfvec(512),               -- direction of its phrasings; null until a job has looked
  add column source_hash bytea,                 -- content hash of the passage it was made from
  add column source_heading text not null default '',
  add column source_quote text not null default '',
  add column conversation_id bigint,            -- the talk whose agent gave the answer
  add column duplicate_of bigint,               -- a live or proposed pair that asks the same
  add column similarity real,                   -- to that one, 0..1
  add column compared_at timestamptz,           -- when it was last looked at for that
  add column has_own_scope boolean not null default false, -- a person chose audience, shops or dates; else as the document
  add column is_edited boolean not null default false, -- a person wrote into it
  add column retired_for text check (retired_for in ('changed', 'deleted', 'merged')),
  add column merged_into bigint,
  add column before_merge jsonb,                -- what a merge replaced, so that it can be taken back
  add column reviewed_by bigint,
  add column reviewed_at timestamptz,
  add foreign key (workspace_id, document_id) references documents(workspace_id, id) on delete set null (document_id),
  add foreign key (workspace_id, merged_into) references qa_pairs(workspace_id, id) on delete set null (merged_into),
  add foreign key (workspace_id, duplicate_of) references qa_pairs(workspace_id, id) on delete set null (duplicate_of);
create index qa_pairs_state on qa_pairs (workspace_id, state, id desc) where deleted_at is null;
create index qa_pairs_document on qa_pairs (workspace_id, document_id) where document_id is not null;
create index qa_pairs_fingerprint on qa_pairs (workspace_id, fingerprint) where fingerprint is not null;
create unique index qa_pairs_proposed on qa_pairs (workspace_id, fingerprint)
  where state = 'proposed' and deleted_at is null and fingerprint is not null;

create index qa_pairs_duplicate on qa_pairs (workspace_id, duplicate_of) where duplicate_of is not null;
create index qa_pairs_merged on qa_pairs (workspace_id, merged_into) where merged_into is not null;

create table qa_pairs_distinct (                -- a person said that these two do not ask the same
  workspace_id bigint not null references workspaces(id),
  left_id bigint not null,
  right_id bigint not null check (right_id > left_id),
  primary key (workspace_id, left_id, right_id),
  foreign key (workspace_id, left_id) references qa_pairs(workspace_id, id) on delete cascade,
  foreign key (workspace_id, right_id) references qa_pairs(workspace_id, id) on delete cascade
);

create table pair_runs (                        -- how far the making of pairs from a document has come
  workspace_id bigint not null,
  document_id bigint not null,
  version int not null,
  done int not null default 0,                  -- passages read, in their order
  total int not null default 0,
  made int not null default 0,
  is_finished boolean not null default false,
  updated_at timestamptz not null default now(),
  primary key (workspace_id, document_id),
  foreign key (workspace_id, document_id) references documents(workspace_id, id) on delete cascade
);
