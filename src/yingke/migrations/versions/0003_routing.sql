-- Which person gets a conversation: groups, how much each agent takes, rules of the queue, who speaks first and when.
create table agent_groups (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  name text not null,
  shop_ids bigint[] not null default '{}',      -- empty = every shop
  intents text[] not null default '{}',         -- what customers want; empty = anything
  marks text[] not null default '{}',           -- whom it is for: danger, angry, vip, complaint, large_order; empty = anybody
  is_fallback boolean not null default false,   -- takes what no other group is for
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, id)
);
create unique index agent_groups_name on agent_groups (workspace_id, lower(name));
create unique index agent_groups_fallback on agent_groups (workspace_id) where is_fallback;

create table agent_group_members (
  workspace_id bigint not null,
  group_id bigint not null,
  agent_id bigint not null,
  weight smallint not null default 1 check (weight between 1 and 10), -- gets so many times as many as a weight of 1
  primary key (workspace_id, group_id, agent_id),
  foreign key (workspace_id, group_id) references agent_groups(workspace_id, id) on delete cascade,
  foreign key (workspace_id, agent_id) references agents(workspace_id, id) on delete cascade
);
create index agent_group_members_agent on agent_group_members (workspace_id, agent_id);

-- What routing keeps of an agent: how many conversations at once, when he last got one, when he last let one lapse.
create table agent_loads (
  workspace_id bigint not null,
  agent_id bigint not null,
  most_open smallint check (most_open between 1 and 200), -- null = the workspace's default
  given_at timestamptz,
  missed_at timestamptz,
  primary key (workspace_id, agent_id),
  foreign key (workspace_id, agent_id) references agents(workspace_id, id) on delete cascade
) with (fillfactor = 70);

create table routing_settings (
  workspace_id bigint primary key references workspaces(id),
  delivery text check (delivery in ('push', 'pull')),  -- null = push once there are groups
  most_open smallint not null default 8 check (most_open between 1 and 200),
  accept_seconds smallint not null default 60 check (accept_seconds between 15 and 600),
  marks text[] not null default '{danger,angry,vip,complaint,large_order,asked}', -- the first goes before the rest
  step_minutes smallint not null default 5 check (step_minutes between 1 and 60), -- a step of priority is worth this wait
  vip_levels text[] not null default '{vip,gold,svip,黄金,钻石,金卡,黑卡}',
  large_order_minor bigint check (large_order_minor > 0),
  overflow_minutes smallint not null default 10 check (overflow_minutes between 1 and 240),
  overflow_length smallint check (overflow_length between 1 and 1000), -- null = only the minutes count
  overflow_to text not null default 'message' check (overflow_to in ('message', 'group', 'assistant')),
  overflow_group_id bigint,
  unanswered_turns smallint not null default 3 check (unanswered_turns between 0 and 10), -- 0 = never by itself
  updated_at timestamptz not null default now(),
  foreign key (workspace_id, overflow_group_id) references agent_groups(workspace_id, id) on delete set null (overflow_group_id)
);

-- Who speaks first in a shop. hours: {days: [{day, from, to, mode}], exceptions: [{date, from?, to?, mode?}]}
create table shop_modes (
  workspace_id bigint not null,
  shop_id bigint not null,
  usual text not null default 'assistant_first'
    check (usual in ('assistant_first', 'person_first', 'assistant_only', 'assistant_suggests')),
  hours jsonb not null default '{}',
  updated_at timestamptz not null default now(),
  primary key (workspace_id, shop_id),
  foreign key (workspace_id, shop_id) references shops(workspace_id, id) on delete cascade
);

alter table conversations
  add column group_id bigint,                   -- whose queue it stands in, or stood in
  add column priority smallint,                 -- steps; null = not judged since it was queued
  add column assignment jsonb,                  -- why it is where it is: codes and counts, never sentences
  add column assigned_at timestamptz,           -- given by routing; null when the agent took it himself
  add column overflow text,                     -- what the long wait led to: message, group, assistant
  add column hand_backs jsonb not null default '{}'; -- reason → how often an agent gave it back to the assistant
create index conversations_queued on conversations (workspace_id, priority desc, queued_at)
  where status = 'open' and queued_at is not null;
drop index conversations_queue;

alter table agents drop constraint agents_presence_check;
alter table agents add constraint agents_presence_check check (presence in ('online', 'busy', 'away', 'offline'));

-- Workspaces in which somebody waits for a person. Crosses workspaces, gives ids only.
create function list_waiting_workspaces(p_limit int) returns table (workspace_id bigint)
language sql stable security definer set search_path = public, pg_temp as $$
  with recursive waiting as (
    (select c.workspace_id from conversations c where c.status = 'open' and c.queued_at is not null
     order by c.workspace_id limit 1)
    union all
    select (select c.workspace_id from conversations c where c.status = 'open' and c.queued_at is not null
            and c.workspace_id > w.workspace_id order by c.workspace_id limit 1)
    from waiting w where w.workspace_id is not null
  )
  select w.workspace_id from waiting w where w.workspace_id is not null limit p_limit
$$;
revoke all on function list_waiting_workspaces(int) from public;
grant execute on function list_waiting_workspaces(int) to yingke_app;
alter function list_waiting_workspaces(int) owner to yingke_system;
