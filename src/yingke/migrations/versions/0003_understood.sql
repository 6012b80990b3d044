-- What was understood of a conversation: {intent, mood, moods: [[seq, mood], … the last 20], through}. Written in the
-- statement that stores the answer; what customers say to people is understood by the job `sense`.
alter table conversations add column understood jsonb;
-- What the assistants remember of the talk: the skill that speaks, what it asked for and was told.
alter table conversations add column talk jsonb not null default '{}';

-- Whether agents see this talk translated; null = when the customer does not write Chinese.
alter table conversations add column is_translated boolean;

-- What was said, in the language of the agents: by a model, beside the original, never instead of it.
create table message_translations (
  workspace_id bigint not null,
  conversation_id bigint not null,
  seq int not null,
  language text not null,
  text text not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, conversation_id, seq, language),
  foreign key (workspace_id, conversation_id) references conversations(workspace_id, id)
);

-- `p_new` is {intent, mood, confidence, language}, whatever of it is known.
create function understood_after(p_was jsonb, p_new jsonb, p_through int) returns jsonb
language sql immutable parallel safe as $$
  select coalesce(p_was, '{}') || (p_new - array['confidence', 'language']) || jsonb_build_object('through', p_through)
    || case when p_new ? 'mood' then jsonb_build_object('moods', jsonb_path_query_array(
         coalesce(p_was->'moods', '[]') || jsonb_build_array(jsonb_build_array(p_through, p_new->'mood')), '$[last-19 to last]'))
       else '{}' end
$$;

create function is_news(p_was jsonb, p_new jsonb) returns boolean
language sql immutable parallel safe as $$
  select coalesce(p_new->>'intent' <> coalesce(p_was->>'intent', ''), false)
    or coalesce(p_new->>'mood' <> coalesce(p_was->>'mood', ''), false)
$$;

create function understood_said(p_was jsonb, p_new jsonb) returns jsonb
language sql immutable parallel safe as $$
  select jsonb_build_object('intent', coalesce(p_new->'intent', p_was->'intent'), 'mood', coalesce(p_new->'mood', p_was->'mood'),
                            'confidence', p_new->'confidence')
$$;

-- The language follows the customer; en stays en-GB, and zh-HK stays itself for somebody who writes traditional characters.
create function language_after(p_was text, p_new text) returns text
language sql immutable parallel safe as $$
  select case when p_new is null or p_was = p_new then p_was
              when p_new = 'zh-TW' and p_was ~* '^zh-(tw|hk|mo|hant)' then p_was
              when p_new <> 'zh-TW' and p_new <> 'zh-CN' and split_part(p_was, '-', 1) = p_new then p_was
              else p_new end
$$;

-- As before, and what is said to a person is understood as well.
create or replace function receive_batch(
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
  -- What is said to a person is understood too, a little later and off this path; an answer understands its own turn.
  to_sense as (
    insert into jobs (workspace_id, lane, kind, ref, run_at)
    select workspace_id, 'sense:' || conversation_id, 'sense', conversation_id || ':' || new_seq, now() + interval '300 milliseconds'
    from fresh where handled_by <> 'assistant' and type = 'text'
    on conflict (workspace_id, kind, ref) where failed_at is null and ref <> '' do nothing
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

-- One batch of answers, with what is understood of each talk from now on (the whole of it: whoever answers knows what was
-- known before, and is refused when anybody else spoke meanwhile). The function of the same name with two arguments less stays
-- for processes of the release before, until the next one.
create function reply_batch(
  p_workspace bigint[], p_conversation bigint[], p_generation int[], p_through int[], p_text text[], p_payload jsonb[],
  p_generated_by jsonb[], p_citations jsonb[], p_degraded int[], p_trace jsonb[], p_may_restart boolean[], p_gap text[],
  p_understood jsonb[], p_talk jsonb[], p_wait boolean)
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
           i.citations, i.degraded, i.trace, i.may_restart, i.gap, i.understood, i.talk
    from unnest(p_workspace, p_conversation, p_generation, p_through, p_text, p_payload, p_generated_by, p_citations,
                p_degraded, p_trace, p_may_restart, p_gap, p_understood, p_talk)
      with ordinality as i(workspace_id, conversation_id, generation, through, text, payload, generated_by, citations,
                           degraded, trace, may_restart, gap, understood, talk, n)
  ),
  judged as (
    select i.*, c.last_seq, c.last_contact_seq, c.shop_id, c.understood as was,
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
      last_preview = left(f.text, 120), last_from = 'assistant',
      talk = coalesce(f.talk, c.talk),
      understood = coalesce(f.understood, c.understood),
      language = case when f.understood->'language' is null then c.language else language_after(c.language, f.understood->>'language') end
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
  told_understood as (
    insert into events (workspace_id, type, conversation_id, seq, data)
    select workspace_id, 'turn_understood', conversation_id, through, understood_said(was, understood)
    from fresh where understood is not null and (was is null or was->'mood' is distinct from understood->'mood'
      or was->'intent' is distinct from understood->'intent') order by n
  ),
  told as (
    insert into events (workspace_id, type, conversation_id, seq)
    select workspace_id, 'message_created', conversation_id, last_seq + 1 from fresh order by n
  )
  select j.n, j.verdict, s.id, s.seq, s.created_at, s.trace_id, greatest(j.last_contact_seq, 0)
  from judged j left join stored s on s.conversation_id = j.conversation_id and j.verdict = 'stored'
  order by j.n;
end $$;

do $$
declare
  f regprocedure;
begin
  for f in select oid::regprocedure from pg_proc where proname = 'reply_batch' and pronamespace = 'public'::regnamespace and pronargs = 15
  loop
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to yingke_app', f);
    execute format('alter function %s owner to yingke_system', f);
  end loop;
end $$;
