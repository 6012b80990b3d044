-- Workspaces too large to be searched in memory. Only their passages are in here, so that small ones never pay for an index.
create table large_workspaces (
  workspace_id bigint primary key references workspaces(id),
  is_ready boolean not null default false,      -- searched here; before that the index in memory goes on
  passages int not null default 0,
  counted int not null default 0,               -- passages at the time the words were counted
  terms bytea not null default '',              -- how many passages hold each term, by hash
  recipe text not null default '',              -- of the program that counted
  updated_at timestamptz not null default now()
);
-- What is searched: narrow, because a question visits thousands of these rows.
create table large_passages (
  workspace_id bigint not null,
  passage_id bigint not null,
  scope bigint not null,                        -- the document's id, or a negative hash of the pair's audience, shops and time
  terms tsvector not null,                      -- cut with the same knife as the question
  embedding halfvec(512) not null,
  primary key (workspace_id, passage_id)
);
create index large_passages_terms on large_passages using gin (terms) with (fastupdate = off);
create index large_passages_embedding on large_passages using hnsw (embedding halfvec_cosine_ops);
-- What the candidates are judged by: worked out once, because it takes 0.3 ms a passage.
create table large_prepared (
  workspace_id bigint not null,
  passage_id bigint not null,
  recipe text not null,                         -- of the program that prepared it
  hashes bytea not null,                        -- uint32 a term
  counts bytea not null,                        -- tenths, a byte a term
  lengths real[] not null,                      -- in words, in characters
  reading bytea not null,
  primary key (workspace_id, passage_id)
);

create function scope_of_pair(p_audience text, p_shop_ids bigint[], p_from timestamptz, p_to timestamptz) returns bigint
language sql immutable as $$
  select -(hashtextextended(concat_ws('|', p_audience, coalesce(p_shop_ids::text, '*'), extract(epoch from p_from)::text,
    '>', extract(epoch from p_to)::text), 0) & 9223372036854775807)
$$;

-- Candidates by meaning and by words, those outside the scope (p_without) left out before anything is capped. It looks at the
-- open transaction's workspace only; it belongs to yingke_system because the fence keeps text operators away from an index.
-- "+ 0" keeps the planner from reading a whole workspace by its key and sorting it.
create function search_large(p_vector halfvec, p_terms text[], p_weights real[], p_without bigint[], p_most int)
returns table (passage_id bigint, similarity real, recipe text, hashes bytea, counts bytea, lengths real[])
language sql stable security definer set search_path = public, pg_temp as $$
  with near as materialized (
    select l.passage_id from large_passages l
    where l.workspace_id + 0 = (select nullif(current_setting('app.workspace_id', true), '')::bigint)
      and l.scope <> all(p_without) and p_vector is not null
    order by l.embedding <=> (select p_vector) limit p_most),
  said as materialized (
    select l.passage_id from unnest(p_terms, p_weights) t(term, weight)
    join large_passages l on l.terms @@ t.term::tsquery
    where l.workspace_id + 0 = (select nullif(current_setting('app.workspace_id', true), '')::bigint)
      and l.scope <> all(p_without)
    group by 1 order by sum(t.weight) desc limit p_most)
  select l.passage_id, coalesce(1 - (l.embedding <=> (select p_vector)), 0)::real, r.recipe, r.hashes, r.counts, r.lengths
  from (select n.passage_id from near n union select s.passage_id from said s) c
  join large_passages l on l.workspace_id = (select nullif(current_setting('app.workspace_id', true), '')::bigint)
    and l.passage_id = c.passage_id
  join large_prepared r on r.workspace_id = l.workspace_id and r.passage_id = l.passage_id
$$;
revoke all on function search_large(halfvec, text[], real[], bigint[], int) from public;
grant execute on function search_large(halfvec, text[], real[], bigint[], int) to yingke_app;
alter function search_large(halfvec, text[], real[], bigint[], int) owner to yingke_system;

-- Vectors of a model that the workspace chose instead of the embedded one; `space` names model and size, and two never mix.
create table passage_embeddings (
  workspace_id bigint not null,
  space text not null,
  passage_id bigint not null,
  embedding halfvec not null,
  primary key (workspace_id, space, passage_id)
);
