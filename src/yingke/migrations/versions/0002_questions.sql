-- What customers ask, clustered; what nothing answered or an answer was disliked for, with its conversations.
create table question_clusters (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  question text not null,                       -- the one that stands for the others
  embedding halfvec(512) not null,              -- centre of the cluster
  times int not null default 0,
  answered int not null default 0,
  badly_rated int not null default 0,
  coverage text not null default 'unknown' check (coverage in ('covered', 'partly', 'none', 'unknown')),
  confidence real,                              -- of the answer to `question`, at `checked_version`
  checked_version int,
  first_at timestamptz not null default now(),
  last_at timestamptz not null default now(),
  resolved_at timestamptz,                      -- put aside or answered by a person
  resolved_by bigint,
  resolved_pair_id bigint,
  unique (workspace_id, id)
);
create index question_clusters_times on question_clusters (workspace_id, times desc, id desc);

create table asked_questions (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  cluster_id bigint,
  text text not null,                           -- masked
  origin text not null default 'live' check (origin in ('live', 'past')),
  conversation_id bigint,                       -- live
  past_conversation_id bigint,                  -- past
  seq int,
  shop_id bigint,
  outcome text not null default 'answered' check (outcome in ('answered', 'unanswered', 'handed_off', 'badly_rated', 'by_agent')),
  confidence real,
  asked_at timestamptz not null,
  foreign key (workspace_id, cluster_id) references question_clusters(workspace_id, id) on delete set null (cluster_id)
);
create index asked_questions_cluster on asked_questions (workspace_id, cluster_id, asked_at desc);
create unique index asked_questions_live on asked_questions (workspace_id, conversation_id, seq, md5(text)) where conversation_id is not null;
create unique index asked_questions_past on asked_questions (workspace_id, past_conversation_id, seq, md5(text)) where past_conversation_id is not null;
