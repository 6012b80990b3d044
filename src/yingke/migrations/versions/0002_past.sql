-- Chats from the time before, masked on the way in, and what the assistant would have said to them.
create table past_imports (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  name text not null,
  file_id bigint,                               -- null once the file is gone: after success, or after a day
  shop_id bigint,
  columns_hash bytea,                           -- of the column names, once the file has been looked at
  mapping jsonb,                                -- what the columns mean; null until known
  state text not null default 'queued'
    check (state in ('queued', 'mapping', 'reading', 'learning', 'ready', 'failed', 'cancelled', 'leaving')),
  progress real not null default 0,             -- of the state, 0..1
  reason jsonb,                                 -- {code, zh, en}
  conversations int not null default 0,
  messages int not null default 0,
  masked int not null default 0,                -- personal details replaced
  skipped int not null default 0,               -- rows that could not be read, shown with their reasons
  repeated int not null default 0,              -- conversations that an earlier import had brought
  proposed int not null default 0,              -- pairs proposed from agents' answers
  problems jsonb not null default '[]',         -- [{row, code}], the first ones
  from_at timestamptz,
  to_at timestamptz,
  added_by bigint,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, id),
  foreign key (workspace_id, shop_id) references shops(workspace_id, id)
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
  content_hash bytea not null,                  -- of all that was said and when: the same talk is taken once
  agent_name text not null default '',
  started_at timestamptz,
  ended_at timestamptz,
  first_reply_seconds real,
  handling_seconds real,
  messages int not null default 0,
  unique (workspace_id, id),
  unique (workspace_id, content_hash),
  foreign key (workspace_id, import_id) references past_imports(workspace_id, id) on delete cascade
);
create index past_conversations_import on past_conversations (workspace_id, import_id, started_at);

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

-- What was asked again and again in one import, and what agents agreed to answer.
create table past_topics (
  id bigint generated always as identity primary key,
  workspace_id bigint not null,
  import_id bigint not null,
  question text not null,                       -- the one that stands for the others
  phrasings text[] not null default '{}',       -- other ways it was asked
  times int not null,
  answer text not null default '',              -- the agents' answer closest to all their answers; '' = none
  agreement real,                               -- share of the answers that say the same, 0..1
  conversation_ids bigint[] not null default '{}', -- newest first, bounded
  pair_id bigint,                               -- proposed from it
  golden_id bigint,                             -- a golden question made from it
  unique (workspace_id, id),
  foreign key (workspace_id, import_id) references past_imports(workspace_id, id) on delete cascade
);
create index past_topics_times on past_topics (workspace_id, import_id, times desc, id desc);

create table shadow_runs (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  import_id bigint,                             -- null = the workspace's own conversations answered by agents
  from_at timestamptz,
  to_at timestamptz,
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  total int not null default 0,
  done int not null default 0,
  most int not null default 2000,               -- questions of one run, the newest
  left_out int not null default 0,              -- older conversations that the limit left out
  knowledge_version bigint,
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
  seq int not null,                             -- of the first message of the question
  asked_at timestamptz,
  question text not null,
  history jsonb not null default '[]',          -- [{from, text}] said before
  agent_answer text not null default '',
  assistant_answer text not null default '',
  outcome text not null check (outcome in ('same', 'answered', 'different', 'unknown', 'handed_off')),
  similarity real,
  confidence real,
  cited jsonb not null default '[]',
  contradicts text not null default '',         -- what kept two close answers apart: figures, yes_no
  verdict text check (verdict in ('assistant_right', 'agent_right', 'both_right')), -- a person's own judgement
  golden_id bigint,
  unique (workspace_id, run_id, id),
  unique nulls not distinct (workspace_id, run_id, past_conversation_id, conversation_id, seq),
  foreign key (workspace_id, run_id) references shadow_runs(workspace_id, id) on delete cascade
);
create index shadow_cases_outcome on shadow_cases (workspace_id, run_id, outcome, id);
