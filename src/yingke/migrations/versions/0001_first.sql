-- Tables first, fence last. Every table carries workspace_id; every index starts with it unless a comment says why not.

create table workspaces (
  id bigint generated always as identity primary key,
  name text not null,
  time_zone text not null default 'Asia/Shanghai',
  language text not null default 'zh-CN',
  knowledge_version bigint not null default 1,
  settings jsonb not null default '{}',
  setup jsonb not null default '{}',
  is_demo boolean not null default false,
  created_at timestamptz not null default now()
);

create table agents (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  email text not null,
  password_hash text,
  name text not null,
  work_name text not null,
  avatar_file_id bigint,
  role text not null check (role in ('owner', 'admin', 'agent')),
  settings jsonb not null default '{}',
  presence text not null default 'online' check (presence in ('online', 'busy', 'away')), -- chosen; shown while connected
  disabled_at timestamptz,
  created_at timestamptz not null default now(),
  unique (workspace_id, id)
);
create unique index agents_email on agents (workspace_id, lower(email));
create index agents_login on agents (lower(email)); -- find_logins crosses workspaces

create table agent_sessions (
  token_hash bytea primary key,
  workspace_id bigint not null,
  agent_id bigint not null,
  user_agent text not null default '',
  address text not null default '',
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  expires_at timestamptz not null,
  id bigint generated always as identity unique,
  foreign key (workspace_id, agent_id) references agents(workspace_id, id) on delete cascade
);
create index agent_sessions_agent on agent_sessions (workspace_id, agent_id);

create table invitations (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  token_hash bytea not null unique,
  role text not null check (role in ('admin', 'agent')),
  email text,
  invited_by bigint not null,
  accepted_at timestamptz,
  accepted_by bigint,
  revoked_at timestamptz,
  expires_at timestamptz not null,
  created_at timestamptz not null default now()
);

create table api_keys (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  name text not null,
  token_hash bytea not null unique,
  hint text not null,
  scopes text[] not null,
  created_by bigint,
  last_used_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default now()
);

create table audit_log (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  agent_id bigint,
  api_key_id bigint,
  action text not null,
  target text not null default '',
  data jsonb not null default '{}',
  address text not null default '',
  created_at timestamptz not null default now()
);
create index audit_log_time on audit_log (workspace_id, id desc);

create table shops (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  name text not null,
  site_key text not null unique,
  site_secret bytea not null,               -- sealed by kit/secrets
  domains text[] not null default '{}',     -- empty = anywhere
  languages text[] not null default '{zh-CN,en}',
  greeting jsonb not null default '{}',     -- {language: text}
  suggested_questions jsonb not null default '{}', -- {language: [text]}
  privacy jsonb not null default '{}',      -- {version, url?, text: {language: text}}
  look jsonb not null default '{}',         -- {color, position, offset, launcher, logo_file_id…}
  hours jsonb not null default '{}',        -- {days: [{day, from, to}], exceptions: [{date, from?, to?}]}; empty = always
  assistant jsonb not null default '{}',    -- {name, enabled, …}
  reopen_hours int not null default 0,
  all_agents boolean not null default true,
  installed_at timestamptz,
  installed_url text,
  archived_at timestamptz,
  created_at timestamptz not null default now(),
  unique (workspace_id, id)
);

create table shop_agents (
  workspace_id bigint not null,
  shop_id bigint not null,
  agent_id bigint not null,
  primary key (workspace_id, shop_id, agent_id),
  foreign key (workspace_id, shop_id) references shops(workspace_id, id) on delete cascade,
  foreign key (workspace_id, agent_id) references agents(workspace_id, id) on delete cascade
);

create table channel_accounts (
  id bigint generated always as identity primary key,
  workspace_id bigint not null,
  shop_id bigint not null,
  channel text not null,
  name text not null,
  state text not null default 'active',
  settings jsonb not null default '{}',
  created_at timestamptz not null default now(),
  unique (workspace_id, id),
  foreign key (workspace_id, shop_id) references shops(workspace_id, id)
);

create table contacts (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  name text,
  email text,
  phone text,
  level text,
  claims_verified boolean not null default false,
  tags text[] not null default '{}',
  notes text not null default '',
  number bigint not null default 0,          -- visitor number for a nameless face: 访客 1024
  created_at timestamptz not null default now(),
  unique (workspace_id, id)
);

create table identities (
  id bigint generated always as identity primary key,
  workspace_id bigint not null,
  contact_id bigint not null,
  channel_account_id bigint not null,
  external_id text,                          -- null = nameless visitor
  is_verified boolean not null default false,
  language text,
  source jsonb not null default '{}',        -- first page: {url, title, referrer, utm…, user_agent, address_hint}
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  unique (workspace_id, id),
  foreign key (workspace_id, contact_id) references contacts(workspace_id, id),
  foreign key (workspace_id, channel_account_id) references channel_accounts(workspace_id, id)
);
create unique index identities_external on identities (workspace_id, channel_account_id, external_id) where external_id is not null;
create index identities_contact on identities (workspace_id, contact_id);

create table visitor_tokens (
  token_hash bytea primary key,
  workspace_id bigint not null,
  identity_id bigint not null,
  is_verified boolean not null default false, -- true: made by an identity_token; opens the identity's history
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  foreign key (workspace_id, identity_id) references identities(workspace_id, id) on delete cascade
);
create index visitor_tokens_identity on visitor_tokens (workspace_id, identity_id);

create table visits (
  id bigint generated always as identity primary key,
  workspace_id bigint not null,
  identity_id bigint not null,
  url text not null,
  title text not null default '',
  referrer text not null default '',
  created_at timestamptz not null default now(),
  foreign key (workspace_id, identity_id) references identities(workspace_id, id) on delete cascade
);
create index visits_identity on visits (workspace_id, identity_id, id desc);

create table consents (
  id bigint generated always as identity primary key,
  workspace_id bigint not null,
  identity_id bigint not null,
  purpose text not null,                      -- 'chat_notice', 'leave_message', …
  version text not null,
  language text not null,
  created_at timestamptz not null default now(),
  foreign key (workspace_id, identity_id) references identities(workspace_id, id) on delete cascade
);
create unique index consents_once on consents (workspace_id, identity_id, purpose, version);

create table conversations (
  id bigint generated always as identity primary key,
  workspace_id bigint not null,
  shop_id bigint not null,
  channel_account_id bigint not null,
  identity_id bigint not null,
  status text not null default 'open' check (status in ('open', 'closed')),
  handled_by text not null default 'assistant' check (handled_by in ('assistant', 'queue', 'agent')),
  generation int not null default 1,          -- raised by every change of handled_by or agent_id
  agent_id bigint,
  last_seq int not null default 0,
  last_contact_seq int not null default 0,
  answered_through_seq int not null default 0,
  contact_messages int not null default 0,
  first_reply_at timestamptz,
  waiting_since timestamptz,                  -- first message of the contact that nobody answered yet
  queued_at timestamptz,
  hand_off_reason text,
  last_message_at timestamptz not null default now(),
  last_preview text not null default '',
  last_from text not null default 'contact',
  language text not null default 'zh-CN',
  subject jsonb not null default '{}',        -- page or product the talk began on
  closed_at timestamptz,
  closed_by text,
  created_at timestamptz not null default now(),
  unique (workspace_id, id),
  foreign key (workspace_id, identity_id) references identities(workspace_id, id),
  foreign key (workspace_id, shop_id) references shops(workspace_id, id),
  foreign key (workspace_id, agent_id) references agents(workspace_id, id)
) with (fillfactor = 70);
create index conversations_recent on conversations (workspace_id, last_message_at desc) with (fillfactor = 70);
create index conversations_agent on conversations (workspace_id, agent_id) where status = 'open' and handled_by = 'agent';
create index conversations_queue on conversations (workspace_id, queued_at) where status = 'open' and handled_by = 'queue';
create unique index conversations_open on conversations (workspace_id, identity_id) where status = 'open';
create index conversations_identity on conversations (workspace_id, identity_id, id);

create table messages (
  id bigint generated always as identity primary key,
  workspace_id bigint not null,
  conversation_id bigint not null,
  seq int not null,
  author text not null check (author in ('contact', 'assistant', 'agent', 'system')),  -- "from" in the API
  sender_id bigint,                           -- identity, agent, or null
  kind text not null default 'direct',
  type text not null default 'text',
  text text,
  payload jsonb,
  client_message_id text,
  answers_through_seq int,
  generated_by jsonb,
  citations jsonb,
  degraded_level smallint,
  trace_id bigint,
  recalled_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  foreign key (workspace_id, conversation_id) references conversations(workspace_id, id)
);
-- conversation_id is unique over all workspaces, so it may lead here: one narrower index on the hottest table
create unique index messages_seq on messages (conversation_id, seq);
create unique index messages_client on messages (workspace_id, sender_id, client_message_id, author) where client_message_id is not null;

-- "Still to answer": written with the message, deleted with the answer; any process may take it when its lease is over.
create table pending_answers (
  conversation_id bigint primary key,
  workspace_id bigint not null,
  through_seq int not null,
  owner text not null,
  leased_until timestamptz not null,
  attempts int not null default 0,
  since timestamptz not null default now()
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
create index pending_answers_due on pending_answers (leased_until); -- claimed over all workspaces

create table notes (
  id bigint generated always as identity primary key,
  workspace_id bigint not null,
  conversation_id bigint not null,
  agent_id bigint not null,
  after_seq int not null,                     -- shown after this message
  text text not null,
  created_at timestamptz not null default now(),
  foreign key (workspace_id, conversation_id) references conversations(workspace_id, id)
);
create index notes_conversation on notes (workspace_id, conversation_id, id);

create table conversation_reads (
  workspace_id bigint not null,
  agent_id bigint not null,
  conversation_id bigint not null,
  read_seq int not null,
  read_contact_messages int not null,
  primary key (workspace_id, agent_id, conversation_id),
  foreign key (workspace_id, conversation_id) references conversations(workspace_id, id)
);

create table ratings (
  workspace_id bigint not null,
  conversation_id bigint not null,
  score text not null check (score in ('good', 'fair', 'bad')),
  reasons text[] not null default '{}',
  comment text not null default '',
  agent_id bigint,
  created_at timestamptz not null default now(),
  primary key (workspace_id, conversation_id),
  foreign key (workspace_id, conversation_id) references conversations(workspace_id, id)
);

create table message_feedback (
  workspace_id bigint not null,
  message_id bigint not null,
  conversation_id bigint not null,
  verdict text not null check (verdict in ('up', 'down', 'report')),
  comment text not null default '',
  created_at timestamptz not null default now(),
  primary key (workspace_id, message_id)
);

create table left_messages (
  id bigint generated always as identity primary key,
  workspace_id bigint not null,
  conversation_id bigint not null,
  name text not null default '',
  phone text not null default '',
  email text not null default '',
  text text not null default '',
  handled_at timestamptz,
  handled_by bigint,
  created_at timestamptz not null default now(),
  foreign key (workspace_id, conversation_id) references conversations(workspace_id, id)
);
create index left_messages_open on left_messages (workspace_id, id) where handled_at is null;

create table saved_replies (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  agent_id bigint,                             -- null = shared by the team
  folder text not null default '',
  title text not null,
  text text not null,
  initials text not null default '',           -- pinyin initials of the title, for search
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index saved_replies_workspace on saved_replies (workspace_id, agent_id);

create table agent_presence (
  workspace_id bigint not null,
  agent_id bigint not null,
  process text not null,
  state text not null default 'online',        -- chosen by the agent: online, busy, away
  last_seen timestamptz not null default now(),
  primary key (workspace_id, agent_id, process),
  foreign key (workspace_id, agent_id) references agents(workspace_id, id) on delete cascade
);

create table files (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  sha256 bytea not null,
  name text not null,
  media_type text not null,                    -- sniffed, never the client's word
  size bigint not null,
  width int,
  height int,
  owner_kind text not null,                    -- 'identity', 'agent'
  owner_id bigint not null,
  used_at timestamptz,                         -- null = nothing points at it yet; swept after 24 h
  created_at timestamptz not null default now()
);
create index files_unused on files (workspace_id, created_at) where used_at is null;
create index files_hash on files (workspace_id, sha256);

create table documents (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  name text not null,
  file_id bigint,
  audience text not null default 'customer' check (audience in ('customer', 'staff')),
  shop_ids bigint[],                           -- null = every shop
  state text not null default 'queued' check (state in ('queued', 'parsing', 'indexing', 'ready', 'failed', 'held')),
  step text not null default '',
  progress real not null default 0,            -- 0..1 of the current state
  reason jsonb,                                -- {code, zh, en} when failed or held
  version int not null default 1,
  passages int not null default 0,
  content_hash bytea,
  valid_from timestamptz,
  valid_to timestamptz,
  added_by bigint,
  is_released boolean not null default false,  -- a person decided that this version may be shown to its audience
  is_demo boolean not null default false,
  ready_at timestamptz,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, id)
);
create index documents_workspace on documents (workspace_id, id desc) where deleted_at is null;

create table passages (
  id bigint generated always as identity primary key,
  workspace_id bigint not null,
  document_id bigint,                          -- null = a QA pair's
  qa_pair_id bigint,
  version int not null default 1,              -- of the document
  is_live boolean not null default false,      -- found by searches; false while a version is still being learned
  ordinal int not null,
  kind text not null,
  heading text not null default '',
  text text not null,
  search_text text not null,
  row jsonb,
  page int,
  content_hash bytea not null,
  embedding halfvec(512) not null,
  foreign key (workspace_id, document_id) references documents(workspace_id, id) on delete cascade
);
create unique index passages_document on passages (workspace_id, document_id, version, ordinal);
create index passages_live on passages (workspace_id, id) where is_live;

create table qa_pairs (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  external_id text,
  questions text[] not null,
  answer text not null,
  audience text not null default 'customer' check (audience in ('customer', 'staff')),
  shop_ids bigint[],
  document_id bigint,
  valid_from timestamptz,
  valid_to timestamptz,
  is_demo boolean not null default false,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, id)
);
create unique index qa_pairs_external on qa_pairs (workspace_id, external_id) where external_id is not null;
alter table passages add foreign key (workspace_id, qa_pair_id) references qa_pairs(workspace_id, id) on delete cascade;
create index passages_qa_pair on passages (workspace_id, qa_pair_id) where qa_pair_id is not null;

create table gaps (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  shop_id bigint not null,
  question text not null,
  conversation_id bigint,
  times int not null default 1,
  resolved_at timestamptz,
  last_at timestamptz not null default now(),
  created_at timestamptz not null default now()
);
create unique index gaps_question on gaps (workspace_id, shop_id, md5(question)) where resolved_at is null;

create table traces (
  id bigint generated always as identity primary key,
  workspace_id bigint not null,
  conversation_id bigint,
  through_seq int,
  data jsonb not null,
  created_at timestamptz not null default now()
);
create index traces_conversation on traces (conversation_id, through_seq);

create table model_endpoints (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  name text not null,
  base_url text not null,
  model text not null,
  api_key bytea,                               -- sealed
  location text not null,                      -- 'mainland', 'abroad', 'local'
  abroad_confirmed_at timestamptz,
  abroad_confirmed_by bigint,
  filing_number text not null default '',      -- 备案/登记号 shown in the notice
  is_enabled boolean not null default false,
  settings jsonb not null default '{}',
  last_check jsonb,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index model_endpoints_workspace on model_endpoints (workspace_id);

-- Everything that happened, in an order that is safe to read by cursor: (tx, id) below the oldest running transaction.
create table events (
  tx xid8 not null default pg_current_xact_id(),
  id bigint generated always as identity,
  workspace_id bigint not null,
  type text not null,
  conversation_id bigint,
  seq int,
  data jsonb,
  created_at timestamptz not null default now(),
  primary key (tx, id)
);
create index events_workspace on events (workspace_id, tx, id);

create table webhooks (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  url text not null,
  secret bytea not null,                        -- sealed
  previous_secret bytea,                        -- sealed; signs too until previous_until
  previous_until timestamptz,
  types text[] not null default '{}',           -- empty = all
  is_enabled boolean not null default true,
  failures int not null default 0,              -- attempts in a row that failed
  description text not null default '',
  cursor_tx xid8 not null default pg_current_xact_id(),
  cursor_id bigint not null default 0,
  created_at timestamptz not null default now(),
  unique (workspace_id, id)
);

create table webhook_deliveries (
  id bigint generated always as identity primary key,
  workspace_id bigint not null,
  webhook_id bigint not null,
  event_id text not null,                       -- 'webhook-id' header, the same over all tries
  event_type text not null,
  body text not null,                           -- exactly what is signed and sent
  state text not null default 'pending' check (state in ('pending', 'delivered', 'dead')),
  attempts int not null default 0,
  next_at timestamptz,
  leased_until timestamptz,                     -- an attempt is under way in some process
  last_status int,
  since timestamptz not null default now(),     -- the three days of retries begin here; a replay begins anew
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  unique (webhook_id, event_id),
  foreign key (workspace_id, webhook_id) references webhooks(workspace_id, id) on delete cascade
);
create index webhook_deliveries_list on webhook_deliveries (workspace_id, webhook_id, id desc);
create index webhook_deliveries_due on webhook_deliveries (webhook_id, next_at) where state = 'pending'; -- listed over all workspaces

create table webhook_attempts (
  id bigint generated always as identity primary key,
  workspace_id bigint not null,
  delivery_id bigint not null references webhook_deliveries(id) on delete cascade,
  status int,
  error text not null default '',
  milliseconds int not null,
  answer text not null default '',              -- first 500 characters of the receiver's answer
  created_at timestamptz not null default now()
);
create index webhook_attempts_delivery on webhook_attempts (workspace_id, delivery_id);

create table idempotency (
  workspace_id bigint not null,
  owner text not null,                          -- who sent it: 'agent:1', 'key:2'
  key text not null,
  body_hash bytea not null,
  status int,
  answer jsonb,
  created_at timestamptz not null default now(),
  primary key (workspace_id, owner, key)
);

create table jobs (
  id bigint generated always as identity primary key,
  workspace_id bigint not null,
  lane text not null,                           -- jobs of one lane run one after the other
  kind text not null,
  ref text not null default '',                 -- what it is about; with kind it is unique while waiting when `once`
  data jsonb not null default '{}',
  run_at timestamptz not null default now(),
  priority smallint not null default 0,
  attempts int not null default 0,
  leased_until timestamptz,
  failed_at timestamptz,                        -- dead letter
  error text,
  created_at timestamptz not null default now()
) with (fillfactor = 50, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
create index jobs_due on jobs (run_at) where failed_at is null; -- claimed over all workspaces
create index jobs_lane on jobs (lane, id) where failed_at is null;
create unique index jobs_once on jobs (workspace_id, kind, ref) where failed_at is null and ref <> '';

create table schedules (
  kind text primary key,
  every interval not null,
  next_at timestamptz not null default now()
);

create table installation (
  key text primary key,
  value jsonb not null
);
