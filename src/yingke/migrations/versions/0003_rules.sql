-- Rules of hand-over, kept as whole lists: one is live, one may be a draft, the rest is history.
create table rule_lists (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  number int not null,                        -- 1, 2, 3 … in the workspace
  state text not null check (state in ('draft', 'live', 'past')),
  rules jsonb not null default '[]',
  note text not null default '',
  made_by bigint,                             -- agent
  made_at timestamptz not null default now(),
  live_at timestamptz,
  unique (workspace_id, id),
  unique (workspace_id, number)
);
create unique index rule_lists_live on rule_lists (workspace_id) where state = 'live';
create unique index rule_lists_draft on rule_lists (workspace_id) where state = 'draft';

-- A draft tried on conversations of the past; the figures point at the conversations behind them.
create table rule_trials (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  rules jsonb not null,
  since timestamptz not null,
  state text not null default 'running' check (state in ('running', 'done', 'failed')),
  looked_at int not null default 0,
  after_id bigint not null default 0,         -- the conversations up to this one are done
  cases jsonb not null default '[]',          -- [[conversation id, rule id or null, rule id in force or null, seq]]
  started_by bigint,
  started_at timestamptz not null default now(),
  finished_at timestamptz,
  unique (workspace_id, id)
);
create index rule_trials_time on rule_trials (workspace_id, id desc);
