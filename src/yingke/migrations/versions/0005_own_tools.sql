-- Tools of a merchant's own: a system of his that the assistants may ask. Every change is a version; one row a tool is the
-- one that serves.
create table own_tools (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  version int not null default 1,
  config jsonb not null,                        -- OwnToolConfig: nothing secret
  secret bytea not null,                        -- sealed JSON: header → value
  vectors bytea not null,                       -- float16 rows of the examples
  is_on boolean not null default false,
  made_by bigint,                               -- agent
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  deleted_at timestamptz,
  unique (workspace_id, id)
);
create index own_tools_ws on own_tools (workspace_id, id) where deleted_at is null;

create table own_tool_versions (
  id bigint generated always as identity primary key,
  workspace_id bigint not null,
  tool_id bigint not null,
  number int not null,                          -- 1, 2, 3 … of the tool
  config jsonb not null,
  made_by bigint,
  made_at timestamptz not null default now(),
  unique (workspace_id, id),
  unique (workspace_id, tool_id, number),
  foreign key (workspace_id, tool_id) references own_tools (workspace_id, id)
);
