-- Documents keep their versions, may be paused, may come from the web, and have a rank among documents that contradict each other.
create table knowledge_sources (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  kind text not null check (kind in ('page', 'site', 'sitemap')),
  url text not null,
  audience text not null default 'customer' check (audience in ('customer', 'staff')),
  shop_ids bigint[],                            -- null = every shop
  every_hours int,                              -- null = fetched once, not watched
  most_pages int not null default 200,
  state text not null default 'queued' check (state in ('queued', 'fetching', 'ready', 'failed', 'paused')),
  progress jsonb not null default '{}',         -- {found, done, changed, failed, gone, faults: [{url, zh, en}]}
  reason jsonb,                                 -- {code, zh, en} when failed
  checked_at timestamptz,
  next_check_at timestamptz,
  added_by bigint,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, id)
);

alter table documents
  add column rank smallint not null default 0,  -- the higher one is right when two contradict each other
  add column source_id bigint,
  add column url text,                          -- where it was fetched from
  add column etag text,
  add column last_modified text,                -- as its server said, for the next question whether it changed
  add column gone_at timestamptz,               -- since when its address answers "not found"
  add column synced_at timestamptz,             -- when its content was last compared with what it comes from
  add column live_version int,                  -- answered from; null = none yet
  add column archive_id bigint,                 -- the zip it came in
  add column is_archive boolean not null default false, -- a zip that was unpacked: its members are documents of their own
  add column dates_found jsonb,                 -- {from, to, quote}: a period that its text names, offered as its validity
  add foreign key (workspace_id, source_id) references knowledge_sources(workspace_id, id),
  add foreign key (workspace_id, archive_id) references documents(workspace_id, id) on delete set null (archive_id),
  drop constraint documents_state_check,
  add constraint documents_state_check
    check (state in ('queued', 'parsing', 'indexing', 'checking', 'ready', 'failed', 'held', 'paused', 'cancelled'));
create index documents_name on documents (workspace_id, name) where deleted_at is null;
create index documents_archive on documents (workspace_id, archive_id) where archive_id is not null;
create unique index documents_url on documents (workspace_id, source_id, url) where source_id is not null and deleted_at is null;

create table document_versions (
  workspace_id bigint not null,
  document_id bigint not null,
  version int not null,
  name text not null,
  file_id bigint,
  content_hash bytea,
  passages int not null default 0,
  changes jsonb not null default '{}',          -- {added, removed, kept} against the version before
  origin text not null default 'upload' check (origin in ('upload', 'url', 'rollback')),
  added_by bigint,
  created_at timestamptz not null default now(),
  live_at timestamptz,                          -- when it began to be answered from
  retired_at timestamptz,                       -- when another one took its place
  cancelled_at timestamptz,                     -- given up before it was live
  source_version int,                           -- of a rollback: the version that it repeats
  primary key (workspace_id, document_id, version),
  foreign key (workspace_id, document_id) references documents(workspace_id, id) on delete cascade
);

create table contradictions (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  left_passage_id bigint not null,
  right_passage_id bigint not null,
  about text not null,                          -- what both speak of
  left_says text not null,
  right_says text not null,
  state text not null default 'open' check (state in ('open', 'settled', 'ignored')),
  fingerprint bytea not null,                   -- of who says what: a decision outlives a new version that says the same
  settled_by bigint,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, id),
  unique (workspace_id, fingerprint)
);
create index contradictions_left on contradictions (workspace_id, left_passage_id);
create index contradictions_right on contradictions (workspace_id, right_passage_id);
