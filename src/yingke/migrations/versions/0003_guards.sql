-- What nobody may say: packs, the merchant's own words, what was stopped; contact policy; danger topics; follow-ups.
create table guard_versions (                   -- raised by every change below: what is compiled is kept by it
  workspace_id bigint primary key references workspaces(id),
  version int not null default 1,
  updated_at timestamptz not null default now()
);

create table guard_packs (                      -- a pack without a row is as its file says
  workspace_id bigint not null references workspaces(id),
  pack text not null,
  is_on boolean not null,
  shop_ids bigint[] not null default '{}',      -- empty = every shop
  primary key (workspace_id, pack)
);

create table guard_switches (                   -- a word of a pack that is off, or stricter or milder than its pack says
  workspace_id bigint not null references workspaces(id),
  entry text not null,                          -- pack/word
  level text not null check (level in ('off', 'warn', 'rewrite', 'block')),
  changed_by bigint,
  changed_at timestamptz not null default now(),
  primary key (workspace_id, entry)
);

create table guard_words (                      -- the merchant's own
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  words text not null,
  level text not null check (level in ('warn', 'rewrite', 'block')),
  proposal text not null default '',
  unless text[] not null default '{}',          -- contexts in which it passes; ~ stands for the word
  reason text not null default '',
  shop_ids bigint[] not null default '{}',
  is_on boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, id)
);
create unique index guard_words_words on guard_words (workspace_id, words);

create table guard_stops (                      -- what was stopped, changed or said in spite of a warning
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  conversation_id bigint,
  speaker text not null check (speaker in ('assistant', 'agent', 'saved_reply', 'card')),
  agent_id bigint,
  outcome text not null check (outcome in ('blocked', 'rewritten', 'confirmed')),
  text text not null,
  found jsonb not null default '[]',            -- [{entry, words, level, proposal?}]
  created_at timestamptz not null default now(),
  foreign key (workspace_id, conversation_id) references conversations(workspace_id, id)
);
create index guard_stops_recent on guard_stops (workspace_id, id desc);

create table contact_policies (                 -- a channel without a row is as the product says
  workspace_id bigint not null references workspaces(id),
  channel text not null,
  may_ask text not null check (may_ask in ('text', 'card', 'never')),
  changed_at timestamptz not null default now(),
  primary key (workspace_id, channel)
);

create table danger_sentences (                 -- what the assistant says first; a topic without a row is as the product says
  workspace_id bigint not null references workspaces(id),
  topic text not null,
  sentences jsonb not null default '{}',        -- {language: text}
  hint jsonb not null default '{}',             -- {language: text}: where else there is help, as a telephone line
  changed_at timestamptz not null default now(),
  primary key (workspace_id, topic)
);

alter table saved_replies
  add column guarded_version int,               -- of guard_versions when it was last looked at
  add column verdict jsonb;                     -- {level, found}; null = nothing found

create table follow_ups (                       -- what a person promised a customer
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  conversation_id bigint not null,
  message_id bigint,                            -- in which it was promised
  kind text not null check (kind in ('call_back', 'reply', 'reship', 'refund', 'compensation', 'repair', 'check', 'invoice', 'other')),
  title text not null,
  order_number text not null default '',
  order_id bigint,
  file_ids bigint[] not null default '{}',
  agent_id bigint,                              -- who does it; null = whoever of the group
  group_id bigint,
  state text not null default 'open' check (state in ('open', 'doing', 'waiting', 'done', 'dropped')),
  due_at timestamptz,
  reminded_for timestamptz,                     -- the due time that a reminder was given for
  created_by bigint,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  done_at timestamptz,
  unique (workspace_id, id),
  foreign key (workspace_id, conversation_id) references conversations(workspace_id, id),
  foreign key (workspace_id, agent_id) references agents(workspace_id, id)
);
create index follow_ups_due on follow_ups (workspace_id, due_at, id) where state in ('open', 'doing', 'waiting');
create index follow_ups_mine on follow_ups (workspace_id, agent_id, due_at, id) where state in ('open', 'doing', 'waiting');
create index follow_ups_recent on follow_ups (workspace_id, id desc);
create index follow_ups_conversation on follow_ups (workspace_id, conversation_id);
create unique index follow_ups_message on follow_ups (workspace_id, message_id) where message_id is not null and state <> 'dropped';

create table follow_up_notes (                  -- what was done and said about it, oldest first
  id bigint generated always as identity primary key,
  workspace_id bigint not null,
  follow_up_id bigint not null,
  agent_id bigint,
  kind text not null check (kind in ('note', 'state', 'due', 'owner', 'told')),
  text text not null default '',
  data jsonb not null default '{}',
  created_at timestamptz not null default now(),
  foreign key (workspace_id, follow_up_id) references follow_ups(workspace_id, id) on delete cascade
);
create index follow_up_notes_of on follow_up_notes (workspace_id, follow_up_id, id);
