-- Questions with what a right answer is, and the runs over them.
create table golden_questions (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  question text not null,
  history jsonb not null default '[]',          -- [{from, text}] said before
  shop_id bigint,
  language text not null default 'zh-CN',
  expects text not null check (expects in ('answer', 'refusal', 'hand_off')),
  must_say text[] not null default '{}',        -- every one of these stands in a right answer
  must_not_say text[] not null default '{}',
  document_id bigint,                           -- a right answer quotes it
  qa_pair_id bigint,
  intent text,                                  -- what the question wants, for the intent figures
  origin text not null default 'person' check (origin in ('person', 'import', 'gap', 'past', 'document')),
  note text not null default '',
  added_by bigint,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, id)
);
create index golden_questions_workspace on golden_questions (workspace_id, id desc) where deleted_at is null;

create table golden_runs (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  kind text not null default 'full' check (kind in ('full', 'gate', 'trial')), -- as it is; a waiting document; another model
  cause text not null check (cause in ('person', 'document', 'pair', 'model', 'prompt', 'setting')),
  cause_ref text not null default '',           -- e.g. document:12
  cause_name text not null default '',
  document_id bigint,                           -- of a gate run
  document_version int,
  endpoint_id bigint,                           -- of a trial run
  knowledge_version bigint,
  engine text not null default '',
  settings jsonb not null default '{}',
  state text not null default 'queued' check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
  reason jsonb,                                 -- {code, zh, en} when failed or held
  total int not null default 0,
  done int not null default 0,
  passed int not null default 0,
  better int not null default 0,
  worse int not null default 0,
  intent_total int not null default 0,
  intent_right int not null default 0,
  against_id bigint,                            -- the run it is compared with
  gate text not null default 'off' check (gate in ('off', 'checking', 'passed', 'held', 'released')),
  started_by bigint,
  started_at timestamptz,
  finished_at timestamptz,
  created_at timestamptz not null default now(),
  unique (workspace_id, id)
);
create index golden_runs_workspace on golden_runs (workspace_id, id desc);
create unique index golden_runs_waiting on golden_runs (workspace_id) where state = 'queued' and kind = 'full';
create unique index golden_runs_gate on golden_runs (workspace_id, document_id, document_version) where kind = 'gate';

create table golden_results (
  workspace_id bigint not null,
  run_id bigint not null,
  question_id bigint not null,
  is_passed boolean not null,
  reason text not null default '',              -- why not: refused, answered, wrong_source, lacks, says, handed_off, failed
  detail text not null default '',              -- the words that are missing or too much
  answer text not null default '',
  cited jsonb not null default '[]',
  confidence real,
  intent text,                                  -- as understood
  expected_intent text,                         -- as the question said when it was run
  milliseconds real not null default 0,
  primary key (workspace_id, run_id, question_id),
  foreign key (workspace_id, run_id) references golden_runs(workspace_id, id) on delete cascade,
  foreign key (workspace_id, question_id) references golden_questions(workspace_id, id)
);

-- Workspaces whose enabled model endpoint is another one than when the golden questions were last run. Crosses
-- workspaces, gives ids and the endpoint's name only.
create function list_golden_due() returns table (workspace_id bigint, endpoint_id bigint, name text)
language sql stable security definer set search_path = public, pg_temp as $$
  select r.workspace_id, e.id, coalesce(e.name, '')
  from (select distinct on (g.workspace_id) g.workspace_id, g.state, g.settings->>'endpoint' as endpoint from golden_runs g
        where g.kind = 'full' order by g.workspace_id, g.id desc) r
  left join lateral (select m.id, m.name, md5(concat_ws('|', m.id, m.base_url, m.model)) as signature from model_endpoints m
    where m.workspace_id = r.workspace_id and m.is_enabled and (m.location <> 'abroad' or m.abroad_confirmed_at is not null)
    order by m.updated_at desc limit 1) e on true
  where r.state in ('done', 'failed', 'cancelled') and r.endpoint is not null and coalesce(e.signature, '') <> r.endpoint
$$;
revoke all on function list_golden_due() from public;
grant execute on function list_golden_due() to yingke_app;
alter function list_golden_due() owner to yingke_system;
