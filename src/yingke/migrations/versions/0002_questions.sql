-- What customers ask, clustered; what nothing answered or an answer was disliked for, with its conversations.
create table question_clusters (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  question text not null,                       -- the one that stands for the others
  embedding halfvec(512) not null,              -- centre of the cluster
  times int not null default 0,                 -- questions in it, over all time
  shop_id bigint,                               -- where it is asked most
  coverage text not null default 'unknown' check (coverage in ('covered', 'partly', 'none', 'unknown')),
  confidence real,                              -- of the answer to `question`, at `checked_version`
  checked_version bigint,
  first_at timestamptz not null default now(),
  last_at timestamptz not null default now(),
  answered_at timestamptz,                      -- a person wrote the answer here
  answered_by bigint,
  answered_pair_id bigint,
  dismissed_at timestamptz,                     -- a person put it aside
  dismissed_by bigint,
  unique (workspace_id, id)
);
create index question_clusters_times on question_clusters (workspace_id, times desc, id desc);

create table asked_questions (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  cluster_id bigint,                            -- null = not sorted yet
  text text not null,                           -- masked
  origin text not null default 'live' check (origin in ('live', 'past')),
  conversation_id bigint,                       -- live
  past_conversation_id bigint,                  -- past
  seq int,
  shop_id bigint,
  outcome text not null default 'answered' check (outcome in ('answered', 'unanswered', 'handed_off', 'badly_rated', 'by_agent')),
  confidence real,
  asked_at timestamptz not null,
  unique (workspace_id, id),
  foreign key (workspace_id, cluster_id) references question_clusters(workspace_id, id) on delete set null (cluster_id)
);
create index asked_questions_cluster on asked_questions (workspace_id, cluster_id, asked_at desc);
create index asked_questions_time on asked_questions (workspace_id, asked_at desc);
create index asked_questions_loose on asked_questions (workspace_id, id) where cluster_id is null;
create unique index asked_questions_live on asked_questions (workspace_id, conversation_id, seq, md5(text)) where conversation_id is not null;
create unique index asked_questions_past on asked_questions (workspace_id, past_conversation_id, seq, md5(text)) where past_conversation_id is not null;

-- How far the conversations of a workspace have been read for questions.
create table question_feeds (
  workspace_id bigint primary key references workspaces(id),
  cursor_tx xid8 not null,
  cursor_id bigint not null,
  backfill_before bigint,                       -- conversations below this id are still to be read once; null = none
  created_at timestamptz not null default now()
);

-- Workspaces with something to read, to sort or to check again. Crosses workspaces, gives ids only.
create function list_question_feeds() returns setof bigint
language sql stable security definer set search_path = public, pg_temp as $$
  select w.id from workspaces w left join question_feeds f on f.workspace_id = w.id
  where (f.workspace_id is null and exists (select 1 from conversations c where c.workspace_id = w.id))
    or f.backfill_before is not null
    or exists (select 1 from events e where e.workspace_id = w.id
      and (e.tx, e.id) > (f.cursor_tx, f.cursor_id) and e.tx < pg_snapshot_xmin(pg_current_snapshot()))
    or exists (select 1 from asked_questions q where q.workspace_id = w.id and q.cluster_id is null)
    or exists (select 1 from question_clusters q where q.workspace_id = w.id
      and q.checked_version is distinct from w.knowledge_version)
$$;
revoke all on function list_question_feeds() from public;
grant execute on function list_question_feeds() to yingke_app;
alter function list_question_feeds() owner to yingke_system;
