-- Several endpoints in an order, each for its purposes; what they cost; how the whole line-up came about.
alter table model_endpoints add column provider text not null default '';        -- row of the quirk table; '' = judged by the host
alter table model_endpoints add column position int not null default 0;          -- the first enabled one of a purpose is asked first
alter table model_endpoints add column purposes text[] not null default '{answer,translate,summarise,pairs}'
  check (purposes <@ '{answer,small,translate,summarise,pairs}'::text[]);
alter table model_endpoints add column can_use_tools boolean not null default true;
alter table model_endpoints add column currency text not null default 'CNY';
alter table model_endpoints add column price_in bigint check (price_in >= 0);      -- minor units for a million tokens; null = not told
alter table model_endpoints add column price_cached bigint check (price_cached >= 0);
alter table model_endpoints add column price_out bigint check (price_out >= 0);
alter table model_endpoints add column breaker text not null default 'closed' check (breaker in ('closed', 'open', 'half_open'));
alter table model_endpoints add column breaker_at timestamptz;
alter table model_endpoints add column last_error text not null default '';      -- a short code, never text of a conversation
alter table model_endpoints add column last_error_at timestamptz;

-- Every change of the line-up, whole and without keys, so that one can go back.
create table model_lineups (
  workspace_id bigint not null references workspaces(id),
  version int not null,
  endpoints jsonb not null,                    -- [{id, name, base_url, model, …}] in their order
  reason text not null,                        -- created, changed, deleted, reordered, switched, restored
  endpoint_id bigint,                          -- the one it was about
  agent_id bigint,
  created_at timestamptz not null default now(),
  primary key (workspace_id, version)
);

-- What was spent: one row a day (of the workspace's zone), endpoint and purpose, written in batches.
create table model_usage (
  workspace_id bigint not null references workspaces(id),
  day date not null,
  endpoint_id bigint not null,                 -- may be gone since
  purpose text not null,
  currency text not null,
  model text not null default '',
  calls bigint not null default 0,
  failures bigint not null default 0,
  estimated bigint not null default 0,         -- calls whose tokens were counted by us, not by the provider
  tokens_in bigint not null default 0,
  tokens_cached bigint not null default 0,     -- part of tokens_in
  tokens_out bigint not null default 0,
  cost_micro bigint not null default 0,        -- millionths of a minor unit: tokens times price for a million
  primary key (workspace_id, day, endpoint_id, purpose, currency)
);

create table model_budgets (
  workspace_id bigint primary key references workspaces(id),
  tokens_day bigint check (tokens_day > 0),    -- null = no limit; for each limit
  tokens_month bigint check (tokens_month > 0),
  cost_day_minor bigint check (cost_day_minor > 0),
  cost_month_minor bigint check (cost_month_minor > 0),
  currency text not null default 'CNY',        -- costs in other currencies are shown, not counted
  visitor_tokens_day bigint check (visitor_tokens_day > 0),
  concurrent int check (concurrent between 1 and 1000),
  input_tokens int check (input_tokens between 500 and 200000),
  output_tokens int check (output_tokens between 50 and 8000),
  updated_at timestamptz not null default now()
);

-- Who was told already that a budget runs low or out; once a period and level.
create table model_budget_notices (
  workspace_id bigint not null references workspaces(id),
  period text not null check (period in ('day', 'month')),
  starts_on date not null,
  level int not null,                          -- 80, 100
  told_at timestamptz not null default now(),
  primary key (workspace_id, period, starts_on, level)
);

-- What an answer of a golden question cost; seconds are there already.
alter table golden_results add column tokens_in int;
alter table golden_results add column tokens_out int;
alter table golden_results add column cost_micro bigint;
alter table golden_results add column currency text;

-- Adds the usage of one process, all workspaces in one write; an endpoint of another workspace is left out. Gives back
-- what each of these workspaces has spent today and this month.
create function meter_models(
  p_workspace bigint[], p_endpoint bigint[], p_purpose text[], p_currency text[], p_model text[], p_calls bigint[], p_failures bigint[],
  p_estimated bigint[], p_in bigint[], p_cached bigint[], p_out bigint[], p_cost bigint[])
returns table (workspace_id bigint, currency text, tokens_day bigint, tokens_month bigint, cost_day bigint, cost_month bigint)
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into model_usage as u (workspace_id, day, endpoint_id, purpose, currency, model, calls, failures, estimated, tokens_in,
    tokens_cached, tokens_out, cost_micro)
  select i.w, (now() at time zone s.time_zone)::date, i.e, i.p, i.c, max(i.m), sum(i.n), sum(i.f), sum(i.x), sum(i.ti), sum(i.tc), sum(i.tx), sum(i.cm)
  from unnest(p_workspace, p_endpoint, p_purpose, p_currency, p_model, p_calls, p_failures, p_estimated, p_in, p_cached, p_out, p_cost)
    as i(w, e, p, c, m, n, f, x, ti, tc, tx, cm)
  join workspaces s on s.id = i.w
  join model_endpoints d on d.workspace_id = i.w and d.id = i.e
  group by i.w, s.time_zone, i.e, i.p, i.c
  order by 1, 2, 3, 4, 5
  on conflict on constraint model_usage_pkey do update set model = excluded.model, calls = u.calls + excluded.calls,
    failures = u.failures + excluded.failures, estimated = u.estimated + excluded.estimated, tokens_in = u.tokens_in + excluded.tokens_in,
    tokens_cached = u.tokens_cached + excluded.tokens_cached, tokens_out = u.tokens_out + excluded.tokens_out,
    cost_micro = u.cost_micro + excluded.cost_micro;
  return query
  select v.workspace_id, v.currency,
    sum(v.tokens_in + v.tokens_out) filter (where v.day = l.today)::bigint, sum(v.tokens_in + v.tokens_out)::bigint,
    sum(v.cost_micro) filter (where v.day = l.today)::bigint, sum(v.cost_micro)::bigint
  from (select s.id, (now() at time zone s.time_zone)::date as today from workspaces s where s.id = any(p_workspace)) l
  join model_usage v on v.workspace_id = l.id and v.day >= date_trunc('month', l.today)::date and v.day <= l.today
  group by v.workspace_id, v.currency;
end
$$;
revoke all on function meter_models(bigint[], bigint[], text[], text[], text[], bigint[], bigint[], bigint[], bigint[], bigint[], bigint[], bigint[])
  from public;
grant execute on function meter_models(bigint[], bigint[], text[], text[], text[], bigint[], bigint[], bigint[], bigint[], bigint[], bigint[], bigint[])
  to yingke_app;
alter function meter_models(bigint[], bigint[], text[], text[], text[], bigint[], bigint[], bigint[], bigint[], bigint[], bigint[], bigint[])
  owner to yingke_system;

-- As before, by the order of the line-up: the first enabled endpoint that answers customers.
drop function list_golden_due();
create function list_golden_due() returns table (workspace_id bigint, endpoint_id bigint, name text)
language sql stable security definer set search_path = public, pg_temp as $$
  select r.workspace_id, e.id, coalesce(e.name, '')
  from (select distinct on (g.workspace_id) g.workspace_id, g.state, g.settings->>'endpoint' as endpoint from golden_runs g
        where g.kind = 'full' order by g.workspace_id, g.id desc) r
  left join lateral (select m.id, m.name, md5(concat_ws('|', m.id, m.base_url, m.model)) as signature from model_endpoints m
    where m.workspace_id = r.workspace_id and m.is_enabled and 'answer' = any(m.purposes)
      and (m.location <> 'abroad' or m.abroad_confirmed_at is not null)
    order by m.position, m.id limit 1) e on true
  where r.state in ('done', 'failed', 'cancelled') and r.endpoint is not null and coalesce(e.signature, '') <> r.endpoint
$$;
revoke all on function list_golden_due() from public;
grant execute on function list_golden_due() to yingke_app;
alter function list_golden_due() owner to yingke_system;
