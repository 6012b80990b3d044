-- What a turn writes is often a little over two kilobytes and is read seldom: pressing such rows together takes more of the
-- processor than storing them as they are. Rows of more than four kilobytes are still pressed and moved aside.
alter table conversations set (toast_tuple_target = 4080);
alter table messages set (toast_tuple_target = 4080);
alter table traces set (toast_tuple_target = 4080);

-- As before; where nothing may be begun, which is what most looks find, no lock is taken and nothing is sorted.
create or replace function claim_jobs(p_kinds text[], p_limit int, p_lease_seconds int)
returns table (id bigint, workspace_id bigint, lane text, kind text, ref text, data jsonb, attempts int)
language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
  if not exists (select from jobs where failed_at is null and run_at <= now() and kind = any(p_kinds)
    and (leased_until is null or leased_until < now())) then
    return;
  end if;
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
