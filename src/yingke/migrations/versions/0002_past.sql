-- Chats from the time before, masked on the way in, and what the assistant would have said to them.
create table past_imports (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  name text not null,
  file_id bigint not null,
  shop_id bigint,
  mapping jsonb,                                -- column → meaning; null until a person has confirmed it
  state text not null default 'mapping' check (state in ('mapping', 'queued', 'reading', 'ready', 'failed', 'cancelled')),
  progress real not null default 0,
  reason jsonb,                                 -- {code, zh, en}
  conversations int not null default 0,
  messages int not null default 0,
  masked int not null default 0,                -- personal details replaced
  skipped int not null default 0,               -- rows that could not be read, shown with their reasons
  problems jsonb not null default '[]',
  from_at timestamptz,
  to_at timestamptz,
  baseline jsonb,                               -- volume, peak hours, handling time
  added_by bigint,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, id)
);

create table past_mappings (
  workspace_id bigint not null references workspaces(id),
  columns_hash bytea not null,                  -- of the column names: the same kind of file is mapped by itself
  mapping jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (workspace_id, columns_hash)
);

create table past_conversations (
  id bigint generated always as identity primary key,
  workspace_id bigint not null,
  import_id bigint not null,
  external_id text not null,
  agent_name text not null default '',          -- masked
  started_at timestamptz,
  ended_at timestamptz,
  first_reply_seconds real,
  handling_seconds real,
  messages int not null default 0,
  unique (workspace_id, id),
  unique (workspace_id, import_id, external_id),
  foreign key (workspace_id, import_id) references past_imports(workspace_id, id) on delete cascade
);

create table past_messages (
  workspace_id bigint not null,
  past_conversation_id bigint not null,
  seq int not null,
  sender text not null check (sender in ('contact', 'agent', 'assistant', 'system')),
  text text not null,                           -- masked
  sent_at timestamptz,
  primary key (workspace_id, past_conversation_id, seq),
  foreign key (workspace_id, past_conversation_id) references past_conversations(workspace_id, id) on delete cascade
);

create table shadow_runs (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  import_id bigint,                             -- null = the workspace's own conversations answered by agents
  from_at timestamptz,
  to_at timestamptz,
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  total int not null default 0,
  done int not null default 0,
  knowledge_version int,
  engine text not null default '',
  reason jsonb,
  added_by bigint,
  started_at timestamptz,
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  unique (workspace_id, id),
  foreign key (workspace_id, import_id) references past_imports(workspace_id, id) on delete cascade
);

create table shadow_cases (
  id bigint generated always as identity primary key,
  workspace_id bigint not null,
  run_id bigint not null,
  past_conversation_id bigint,
  conversation_id bigint,
  seq int not null,
  question text not null,
  agent_answer text not null default '',
  assistant_answer text not null default '',
  outcome text not null check (outcome in ('same', 'answered', 'different', 'unknown', 'handed_off')),
  similarity real,
  confidence real,
  cited jsonb not null default '[]',
  verdict text check (verdict in ('assistant_right', 'agent_right', 'both_right')), -- a person's own judgement
  unique (workspace_id, run_id, id),
  foreign key (workspace_id, run_id) references shadow_runs(workspace_id, id) on delete cascade
);
create index shadow_cases_outcome on shadow_cases (workspace_id, run_id, outcome, id);
