-- The two arms of search_large apart, so that they are asked at the same time on two connections: together they take as long
-- as the slower one. Each looks at the open transaction's workspace only, as before.
create function near_large(p_vector halfvec, p_without bigint[], p_most int)
returns table (passage_id bigint, similarity real, recipe text, hashes bytea, counts bytea, lengths real[])
language sql stable security definer set search_path = public, pg_temp as $$
  with near as materialized (
    select l.passage_id, l.embedding <=> (select p_vector) as distance from large_passages l
    where l.workspace_id + 0 = (select nullif(current_setting('app.workspace_id', true), '')::bigint)
      and l.scope <> all(p_without)
    order by l.embedding <=> (select p_vector) limit p_most)
  select n.passage_id, (1 - n.distance)::real, r.recipe, r.hashes, r.counts, r.lengths
  from near n join large_prepared r on r.workspace_id = (select nullif(current_setting('app.workspace_id', true), '')::bigint)
    and r.passage_id = n.passage_id
$$;
create function said_large(p_vector halfvec, p_terms text[], p_weights real[], p_without bigint[], p_most int)
returns table (passage_id bigint, similarity real, recipe text, hashes bytea, counts bytea, lengths real[])
language sql stable security definer set search_path = public, pg_temp as $$
  with said as materialized (
    select l.passage_id from unnest(p_terms, p_weights) t(term, weight)
    join large_passages l on l.terms @@ t.term::tsquery
    where l.workspace_id + 0 = (select nullif(current_setting('app.workspace_id', true), '')::bigint)
      and l.scope <> all(p_without)
    group by 1 order by sum(t.weight) desc limit p_most)
  select l.passage_id, coalesce(1 - (l.embedding <=> (select p_vector)), 0)::real, r.recipe, r.hashes, r.counts, r.lengths
  from said s join large_passages l on l.workspace_id = (select nullif(current_setting('app.workspace_id', true), '')::bigint)
    and l.passage_id = s.passage_id
  join large_prepared r on r.workspace_id = l.workspace_id and r.passage_id = l.passage_id
$$;
do $$
declare
  f text;
begin
  foreach f in array array['near_large(halfvec, bigint[], int)', 'said_large(halfvec, text[], real[], bigint[], int)'] loop
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to yingke_app', f);
    execute format('alter function %s owner to yingke_system', f);
  end loop;
end $$;
