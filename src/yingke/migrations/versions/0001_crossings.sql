-- Finding the workspace of somebody who knocks, and operator figures. Each returns ids and what the door needs, nothing else.

create function find_site(p_site_key text)
returns table (workspace_id bigint, shop_id bigint, channel_account_id bigint, domains text[])
language sql stable security definer set search_path = public, pg_temp as $$
  select s.workspace_id, s.id, c.id, s.domains from shops s
  join channel_accounts c on c.workspace_id = s.workspace_id and c.shop_id = s.id and c.channel = 'website'
  where s.site_key = p_site_key and s.archived_at is null
$$;

create function find_visitor(p_token_hash bytea)
returns table (workspace_id bigint, identity_id bigint, contact_id bigint, shop_id bigint, channel_account_id bigint,
               is_verified boolean, seen_at timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  select t.workspace_id, t.identity_id, i.contact_id, a.shop_id, a.id, t.is_verified, t.seen_at
  from visitor_tokens t join identities i on i.id = t.identity_id join channel_accounts a on a.id = i.channel_account_id
  join shops s on s.id = a.shop_id
  where t.token_hash = p_token_hash and t.seen_at > now() - interval '180 days' and s.archived_at is null
$$;

create function find_session(p_token_hash bytea)
returns table (workspace_id bigint, agent_id bigint, session_id bigint, role text, seen_at timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  select s.workspace_id, s.agent_id, s.id, a.role, s.seen_at from agent_sessions s
  join agents a on a.workspace_id = s.workspace_id and a.id = s.agent_id
  where s.token_hash = p_token_hash and s.expires_at > now() and a.disabled_at is null
$$;

create function find_api_key(p_token_hash bytea)
returns table (workspace_id bigint, api_key_id bigint, scopes text[], last_used_at timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  select workspace_id, id, scopes, last_used_at from api_keys where token_hash = p_token_hash and revoked_at is null
$$;

create function find_logins(p_email text)
returns table (workspace_id bigint, agent_id bigint, workspace_name text, password_hash text)
language sql stable security definer set search_path = public, pg_temp as $$
  select a.workspace_id, a.id, w.name, a.password_hash from agents a join workspaces w on w.id = a.workspace_id
  where lower(a.email) = lower(p_email) and a.disabled_at is null and a.password_hash is not null
$$;

create function find_invitation(p_token_hash bytea)
returns table (workspace_id bigint, invitation_id bigint, workspace_name text, role text, email text)
language sql stable security definer set search_path = public, pg_temp as $$
  select i.workspace_id, i.id, w.name, i.role, i.email from invitations i join workspaces w on w.id = i.workspace_id
  where i.token_hash = p_token_hash and i.accepted_at is null and i.revoked_at is null and i.expires_at > now()
$$;

create function create_workspace(p_name text, p_language text, p_time_zone text, p_is_demo boolean) returns bigint
language sql security definer set search_path = public, pg_temp as $$
  insert into workspaces (name, language, time_zone, is_demo) values (p_name, p_language, p_time_zone, p_is_demo) returning id
$$;

create function list_webhook_feeds()
returns table (workspace_id bigint, webhook_id bigint)
language sql stable security definer set search_path = public, pg_temp as $$
  select w.workspace_id, w.id from webhooks w
  where w.is_enabled and (
    exists (select 1 from events e where e.workspace_id = w.workspace_id
      and (e.tx, e.id) > (w.cursor_tx, w.cursor_id) and e.tx < pg_snapshot_xmin(pg_current_snapshot()))
    or exists (select 1 from webhook_deliveries d where d.webhook_id = w.id and d.state = 'pending' and d.next_at <= now()
      and (d.leased_until is null or d.leased_until < now())))
$$;

create function list_workspace_ids() returns setof bigint
language sql stable security definer set search_path = public, pg_temp as $$ select id from workspaces order by id $$;

-- Old rows that nobody may need any more, over all workspaces; returns how many went.
create function sweep(p_events_days int, p_keys_days int) returns bigint
language sql security definer set search_path = public, pg_temp as $$
  with e as (delete from events where created_at < now() - make_interval(days => p_events_days) returning 1),
       k as (delete from idempotency where created_at < now() - make_interval(days => p_keys_days) returning 1),
       s as (delete from agent_sessions where expires_at < now() returning 1),
       p as (delete from agent_presence where last_seen < now() - interval '1 hour' returning 1),
       v as (delete from visitor_tokens where seen_at < now() - interval '180 days' returning 1),
       d as (delete from webhook_deliveries where finished_at < now() - interval '30 days' and state <> 'pending')
  select (select count(*) from e) + (select count(*) from k) + (select count(*) from s) + (select count(*) from p) + (select count(*) from v)
$$;

create function list_unused_files(p_hours int, p_limit int)
returns table (workspace_id bigint, file_id bigint, sha256 bytea)
language sql stable security definer set search_path = public, pg_temp as $$
  select workspace_id, id, sha256 from files
  where used_at is null and created_at < now() - make_interval(hours => p_hours) order by id limit p_limit
$$;

create function operator_counts()
returns table (workspaces bigint, agents bigint, open_conversations bigint, messages bigint, owed_answers bigint,
               oldest_owed_seconds double precision, waiting_jobs bigint, dead_jobs bigint)
language sql stable security definer set search_path = public, pg_temp as $$
  select (select count(*) from workspaces), (select count(*) from agents),
         (select count(*) from conversations where status = 'open'),
         (select reltuples::bigint from pg_class where oid = 'messages'::regclass),
         (select count(*) from pending_answers),
         (select coalesce(extract(epoch from now() - min(since)), 0) from pending_answers),
         (select count(*) from jobs where failed_at is null), (select count(*) from jobs where failed_at is not null)
$$;

-- Presence of all agents connected to one process, in one write; an agent of another workspace is left out.
create function touch_presence(p_process text, p_workspace bigint[], p_agent bigint[], p_state text[]) returns void
language sql security definer set search_path = public, pg_temp as $$
  insert into agent_presence (workspace_id, agent_id, process, state, last_seen)
  select distinct on (a.workspace_id, a.id) a.workspace_id, a.id, p_process, coalesce(i.state, a.presence), now()
  from unnest(p_workspace, p_agent, p_state) as i(workspace_id, agent_id, state)
  join agents a on a.id = i.agent_id and a.workspace_id = i.workspace_id and a.disabled_at is null
  order by a.workspace_id, a.id
  on conflict (workspace_id, agent_id, process) do update set state = excluded.state, last_seen = excluded.last_seen
$$;
