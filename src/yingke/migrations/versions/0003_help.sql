-- What a person finds out at take-over without reading: codes, ids and places in the talk, never a copy of what was said.
create table summaries (
  workspace_id bigint not null,
  conversation_id bigint not null,
  generation int not null,                      -- of who has the conversation, when it was made
  through_seq int not null,
  facts jsonb not null,
  words text not null default '',               -- two sentences by a model, out of the facts; empty without one
  note text not null default '',                -- what an agent adds
  noted_by bigint,
  created_at timestamptz not null default now(),
  primary key (workspace_id, conversation_id, generation),
  foreign key (workspace_id, conversation_id) references conversations(workspace_id, id) on delete cascade
);

-- What could be said next, worked out once for the customer's last message.
create table suggestions (
  workspace_id bigint not null,
  conversation_id bigint not null,
  through_seq int not null,
  items jsonb not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, conversation_id),
  foreign key (workspace_id, conversation_id) references conversations(workspace_id, id) on delete cascade
);

-- Which suggestion an agent took, and how much of it was left in what he sent.
create table suggestion_uses (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  conversation_id bigint not null,
  agent_id bigint,
  through_seq int not null,
  position int not null,                        -- 1..3
  kind text not null check (kind in ('knowledge', 'saved_reply', 'order')),
  source text not null,
  is_internal boolean not null,
  text text not null,                           -- as it was put into the composer
  message_id bigint,                            -- in which it left; null = never sent
  likeness real,                                -- 0..1 of the sent words to the suggested ones
  created_at timestamptz not null default now(),
  unique (workspace_id, id),
  foreign key (workspace_id, conversation_id) references conversations(workspace_id, id) on delete cascade
);
create index suggestion_uses_conversation on suggestion_uses (workspace_id, conversation_id);
