-- How the assistants work for a workspace, as versions: one is live, one may be tried beside it, one may be a draft.
create table team_versions (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  number int not null,                        -- 1, 2, 3 … in the workspace
  state text not null check (state in ('draft', 'live', 'candidate', 'past')),
  config jsonb not null default '{}',
  percent int not null default 0 check (percent between 0 and 99),  -- of conversations that a candidate serves
  note text not null default '',
  made_by bigint,                             -- agent
  made_at timestamptz not null default now(),
  began_at timestamptz,                       -- live, or tried beside the live one, since then
  unique (workspace_id, id),
  unique (workspace_id, number)
);
create unique index team_versions_one on team_versions (workspace_id, state) where state <> 'past';
