-- The crossings of the hot path. Owned by yingke_system (see 0001_fence.sql): the caller names the workspace of
-- each row, and a row whose conversation lies in another workspace is refused, never moved.

-- One batch of contact messages. Two statements on purpose: the second sees what the locks waited for.
-- p_wait = false skips conversations that somebody else holds ('busy'); the caller parks and retries them alone.
create function receive_batch(
  p_workspace bigint[], p_conversation bigint[], p_identity bigint[], p_client_id text[],
  p_type text[], p_text text[], p_payload jsonb[], p_owner text, p_lease_seconds int, p_wait boolean)
returns table (n int, outcome text, conversation_id bigint, message_id bigint, seq int, created_at timestamptz, generation int,
               handled_by text, answered_through int, shop_id bigint, knowledge_version bigint)
language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare
  v_locked bigint[];
begin
  if p_wait then
    select coalesce(array_agg(id), '{}') into v_locked from
      (select id from conversations where id = any(p_conversation) order by id for no key update) held;
  else
    select coalesce(array_agg(id), '{}') into v_locked from
      (select id from conversations where id = any(p_conversation) order by id for no key update skip locked) held;
  end if;

  return query
  with input as (
    select i.n::int as n, i.workspace_id, i.conversation_id, i.identity_id, i.client_id, i.type, i.text, i.payload
    from unnest(p_workspace, p_conversation, p_identity, p_client_id, p_type, p_text, p_payload)
      with ordinality as i(workspace_id, conversation_id, identity_id, client_id, type, text, payload, n)
  ),
  judged as (
    select i.*, c.id is null as is_missing, c.status, c.last_seq, c.generation, c.handled_by, c.shop_id,
           c.answered_through_seq, w.knowledge_version, i.conversation_id = any(v_locked) as is_locked,
           m.id as known_id, m.conversation_id as known_conversation, m.seq as known_seq, m.created_at as known_at,
           m.id is not null and (m.text is distinct from i.text or m.type is distinct from i.type
             or m.payload is distinct from i.payload) as is_other_body,
           row_number() over (partition by i.workspace_id, i.identity_id, i.client_id order by i.n) as copy
    from input i
    left join conversations c on c.id = i.conversation_id and c.workspace_id = i.workspace_id and c.identity_id = i.identity_id
    left join workspaces w on w.id = c.workspace_id
    left join messages m on m.workspace_id = i.workspace_id and m.sender_id = i.identity_id
      and m.client_message_id = i.client_id and m.author = 'contact'
  ),
  fresh as (
    select j.*, (j.last_seq + row_number() over (partition by j.conversation_id order by j.n))::int as new_seq
    from judged j
    where not j.is_missing and j.is_locked and j.known_id is null and j.copy = 1 and j.status = 'open'
  ),
  stored as (
    insert into messages (workspace_id, conversation_id, seq, author, sender_id, type, text, payload, client_message_id)
    select workspace_id, conversation_id, new_seq, 'contact', identity_id, type, text, payload, client_id
    from fresh order by n
    returning id, conversation_id, seq, created_at
  ),
  moved as (
    update conversations c set
      last_seq = f.through, last_contact_seq = f.through, contact_messages = c.contact_messages + f.count,
      waiting_since = coalesce(c.waiting_since, clock_timestamp()), last_message_at = clock_timestamp(),
      last_preview = f.preview, last_from = 'contact'
    from (select conversation_id, max(new_seq) as through, count(*)::int as count,
                 (array_agg(case when type = 'text' then left(text, 120) else '[' || type || ']' end order by new_seq desc))[1] as preview
          from fresh group by conversation_id) f
    where c.id = f.conversation_id
  ),
  owed as (
    insert into pending_answers (conversation_id, workspace_id, through_seq, owner, leased_until)
    select conversation_id, min(workspace_id), max(new_seq), p_owner, now() + make_interval(secs => p_lease_seconds)
    from fresh where handled_by = 'assistant' group by conversation_id order by conversation_id
    on conflict (conversation_id) do update set through_seq = excluded.through_seq
  ),
  told as (
    insert into events (workspace_id, type, conversation_id, seq)
    select workspace_id, 'message_created', conversation_id, new_seq from fresh order by n
  )
  select j.n,
         case when j.is_missing then 'missing'
              when not j.is_locked then 'busy'
              when j.known_id is not null then case when j.is_other_body then 'conflict' else 'known' end
              when j.copy > 1 then 'again'
              when j.status <> 'open' then 'closed'
              else 'stored' end,
         coalesce(j.known_conversation, j.conversation_id), coalesce(s.id, j.known_id), coalesce(s.seq, j.known_seq), coalesce(s.created_at, j.known_at), j.generation, j.handled_by,
         j.answered_through_seq, j.shop_id, j.knowledge_version
  from judged j
  left join fresh f on f.n = j.n
  left join stored s on s.conversation_id = f.conversation_id and s.seq = f.new_seq
  order by j.n;
end $$;

-- One batch of answers by assistants. Refused ('stale') when the conversation changed hands since the turn began,
-- 'answered' when another process was first, 'newer' when p_may_restart and a message arrived meanwhile.
create function reply_batch(
  p_workspace bigint[], p_conversation bigint[], p_generation int[], p_through int[], p_text text[], p_payload jsonb[],
  p_generated_by jsonb[], p_citations jsonb[], p_degraded int[], p_trace jsonb[], p_may_restart boolean[], p_gap text[], p_wait boolean)
returns table (n int, outcome text, message_id bigint, seq int, created_at timestamptz, trace_id bigint, through int)
language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare
  v_locked bigint[];
begin
  if p_wait then
    select coalesce(array_agg(id), '{}') into v_locked from
      (select id from conversations where id = any(p_conversation) order by id for no key update) held;
  else
    select coalesce(array_agg(id), '{}') into v_locked from
      (select id from conversations where id = any(p_conversation) order by id for no key update skip locked) held;
  end if;

  return query
  with input as (
    select i.n::int as n, i.workspace_id, i.conversation_id, i.generation, i.through, i.text, i.payload, i.generated_by,
           i.citations, i.degraded, i.trace, i.may_restart, i.gap
    from unnest(p_workspace, p_conversation, p_generation, p_through, p_text, p_payload, p_generated_by, p_citations,
                p_degraded, p_trace, p_may_restart, p_gap)
      with ordinality as i(workspace_id, conversation_id, generation, through, text, payload, generated_by, citations,
                           degraded, trace, may_restart, gap, n)
  ),
  judged as (
    select i.*, c.last_seq, c.last_contact_seq, c.shop_id,
           case when c.id is null then 'missing'
                when not i.conversation_id = any(v_locked) then 'busy'
                when c.generation <> i.generation or c.handled_by <> 'assistant' or c.status <> 'open' then 'stale'
                when c.answered_through_seq >= i.through
                  or row_number() over (partition by i.conversation_id order by i.n) > 1 then 'answered'
                when i.may_restart and c.last_contact_seq > i.through then 'newer'
                else 'stored' end as verdict
    from input i left join conversations c on c.id = i.conversation_id and c.workspace_id = i.workspace_id
  ),
  fresh as (select * from judged where verdict = 'stored'),
  traced as (
    insert into traces (workspace_id, conversation_id, through_seq, data)
    select workspace_id, conversation_id, through, trace from fresh where trace is not null order by n
    returning id, conversation_id
  ),
  stored as (
    insert into messages (workspace_id, conversation_id, seq, author, type, text, payload, answers_through_seq,
                          generated_by, citations, degraded_level, trace_id)
    select f.workspace_id, f.conversation_id, f.last_seq + 1, 'assistant', 'text', f.text, f.payload, f.through,
           f.generated_by, f.citations, f.degraded, t.id
    from fresh f left join traced t on t.conversation_id = f.conversation_id order by f.n
    returning id, conversation_id, seq, created_at, trace_id
  ),
  moved as (
    update conversations c set
      last_seq = c.last_seq + 1, answered_through_seq = f.through,
      waiting_since = case when c.last_contact_seq > f.through then c.waiting_since end,
      first_reply_at = coalesce(c.first_reply_at, clock_timestamp()), last_message_at = clock_timestamp(),
      last_preview = left(f.text, 120), last_from = 'assistant'
    from fresh f where c.id = f.conversation_id
  ),
  paid as (
    delete from pending_answers p using fresh f where p.conversation_id = f.conversation_id and p.through_seq <= f.through
  ),
  missed as (
    insert into gaps (workspace_id, shop_id, question, conversation_id)
    select distinct on (workspace_id, shop_id, gap) workspace_id, shop_id, gap, conversation_id from fresh where gap is not null
    on conflict (workspace_id, shop_id, md5(question)) where resolved_at is null
    do update set times = gaps.times + 1, last_at = now(), conversation_id = excluded.conversation_id
    returning id, workspace_id, conversation_id, xmax = 0 as is_new
  ),
  told_missed as (
    insert into events (workspace_id, type, conversation_id, data)
    select workspace_id, 'gap_created', conversation_id, jsonb_build_object('gap_id', id::text) from missed where is_new
  ),
  -- A person is to follow these words: the process does it at once, this job does it should the process die first.
  to_follow as (
    insert into jobs (workspace_id, lane, kind, ref, data, run_at)
    select workspace_id, 'hand_off:' || conversation_id, 'hand_off', conversation_id::text,
           jsonb_build_object('reason', payload->>'hand_off', 'generation', generation, 'through_seq', through),
           now() + interval '5 seconds'
    from fresh where payload ? 'hand_off'
    on conflict (workspace_id, kind, ref) where failed_at is null and ref <> '' do nothing
  ),
  told as (
    insert into events (workspace_id, type, conversation_id, seq)
    select workspace_id, 'message_created', conversation_id, last_seq + 1 from fresh order by n
  )
  select j.n, j.verdict, s.id, s.seq, s.created_at, s.trace_id, greatest(j.last_contact_seq, 0)
  from judged j left join stored s on s.conversation_id = j.conversation_id and j.verdict = 'stored'
  order by j.n;
end $$;

-- Takes over answers that a dead or slow process still owes.
create function claim_answers(p_owner text, p_lease_seconds int, p_limit int)
returns table (workspace_id bigint, conversation_id bigint, through_seq int, generation int, handled_by text, shop_id bigint,
               knowledge_version bigint, attempts int)
language sql security definer set search_path = public, pg_temp as $$
  with due as (
    select conversation_id from pending_answers where leased_until < now()
    order by leased_until limit p_limit for update skip locked
  ),
  taken as (
    update pending_answers p set owner = p_owner, attempts = p.attempts + 1,
      leased_until = now() + make_interval(secs => p_lease_seconds)
    from due where p.conversation_id = due.conversation_id
    returning p.workspace_id, p.conversation_id, p.through_seq, p.attempts
  )
  select t.workspace_id, t.conversation_id, t.through_seq, c.generation, c.handled_by, c.shop_id, w.knowledge_version, t.attempts
  from taken t join conversations c on c.id = t.conversation_id join workspaces w on w.id = t.workspace_id
$$;

create function renew_answers(p_owner text, p_conversation bigint[], p_lease_seconds int) returns void
language sql security definer set search_path = public, pg_temp as $$
  update pending_answers set leased_until = now() + make_interval(secs => p_lease_seconds)
  where owner = p_owner and conversation_id = any(p_conversation)
$$;

-- An answer that needs no words any more: a person has the conversation, or it is closed.
create function drop_owed_answers(p_conversation bigint[]) returns void
language sql security definer set search_path = public, pg_temp as $$
  delete from pending_answers p using conversations c
  where p.conversation_id = any(p_conversation) and c.id = p.conversation_id
    and (c.handled_by <> 'assistant' or c.status <> 'open' or c.answered_through_seq >= c.last_contact_seq)
$$;

-- Messages after a cursor for many conversations at once (socket resume, hints from other processes).
create function messages_after(p_conversation bigint[], p_after int[], p_limit int)
returns table (workspace_id bigint, conversation_id bigint, seq int, id bigint, author text, sender_id bigint, kind text, type text, text text,
               payload jsonb, client_message_id text, generated_by jsonb, citations jsonb, degraded_level smallint,
               trace_id bigint, answers_through_seq int, created_at timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  select m.workspace_id, m.conversation_id, m.seq, m.id, m.author, m.sender_id, m.kind, m.type, m.text, m.payload, m.client_message_id,
         m.generated_by, m.citations, m.degraded_level, m.trace_id, m.answers_through_seq, m.created_at
  from unnest(p_conversation, p_after) as w(conversation_id, after_seq)
  cross join lateral (
    select * from messages m where m.conversation_id = w.conversation_id and m.seq > w.after_seq order by m.seq limit p_limit
  ) m
$$;

-- Of each lane only the oldest job that is due may run, and only while no other of the lane does; a retry that waits
-- for its time holds nobody up. Claims come one after the other, so that two can never start the same lane. What is due
-- is read once, whatever waits for later costs nothing: a lane of 10,000 due jobs adds milliseconds.
create function claim_jobs(p_kinds text[], p_limit int, p_lease_seconds int)
returns table (id bigint, workspace_id bigint, lane text, kind text, ref text, data jsonb, attempts int)
language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  perform pg_advisory_xact_lock(7391204558);
  return query
  with ready as materialized (
    select id, lane, kind, priority, run_at, leased_until from jobs where failed_at is null and run_at <= now()
  ),
  busy as materialized (select coalesce(array_agg(lane), '{}') as lanes from ready where leased_until >= now()),
  heads as (select min(id) as id from ready group by lane),
  free as (
    select r.id from heads h join ready r on r.id = h.id cross join busy b
    where r.kind = any(p_kinds) and (r.leased_until is null or r.leased_until < now()) and r.lane <> all(b.lanes)
    order by r.priority desc, r.run_at, r.id limit p_limit
  ),
  taken as (select j.id from jobs j join free on free.id = j.id for update of j skip locked)
  update jobs j set leased_until = now() + make_interval(secs => p_lease_seconds), attempts = j.attempts + 1
  from taken where j.id = taken.id
  returning j.id, j.workspace_id, j.lane, j.kind, j.ref, j.data, j.attempts;
end $$;

create function finish_jobs(p_ids bigint[]) returns void
language sql security definer set search_path = public, pg_temp as $$ delete from jobs where id = any(p_ids) $$;

create function retry_job(p_id bigint, p_after_seconds double precision, p_error text, p_is_dead boolean) returns void
language sql security definer set search_path = public, pg_temp as $$
  update jobs set leased_until = null, error = left(p_error, 500),
    run_at = now() + make_interval(secs => p_after_seconds),
    failed_at = case when p_is_dead then now() end
  where id = p_id
$$;

create function renew_jobs(p_ids bigint[], p_lease_seconds int) returns void
language sql security definer set search_path = public, pg_temp as $$
  update jobs set leased_until = now() + make_interval(secs => p_lease_seconds) where id = any(p_ids) and failed_at is null
$$;

-- Feed over all workspaces below the oldest running transaction; p_tx/p_id = the last row already seen.
create function relay_events(p_tx xid8, p_id bigint, p_limit int)
returns table (tx xid8, id bigint, workspace_id bigint, type text, conversation_id bigint, seq int, data jsonb, created_at timestamptz)
language sql stable security definer set search_path = public, pg_temp as $$
  select e.tx, e.id, e.workspace_id, e.type, e.conversation_id, e.seq, e.data, e.created_at from events e
  where (e.tx, e.id) > (p_tx, p_id) and e.tx < pg_snapshot_xmin(pg_current_snapshot())
  order by e.tx, e.id limit p_limit
$$;

create function last_seqs(p_conversation bigint[]) returns table (conversation_id bigint, last_seq int)
language sql stable security definer set search_path = public, pg_temp as $$
  select id, last_seq from conversations where id = any(p_conversation)
$$;
