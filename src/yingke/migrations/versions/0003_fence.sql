-- The fence around every table that has none yet.
do $$
declare
  t text;
begin
  for t in
    select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind = 'r' and not c.relrowsecurity
      and c.relname not in ('alembic_version', 'schedules', 'installation')
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format(
      'create policy fence on %I to yingke_app using (workspace_id = (select nullif(current_setting(''app.workspace_id'', true), '''')::bigint))'
      ' with check (workspace_id = (select nullif(current_setting(''app.workspace_id'', true), '''')::bigint))', t);
    execute format('create policy crossing on %I to yingke_system using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to yingke_app, yingke_system', t);
  end loop;
  grant usage on all sequences in schema public to yingke_app, yingke_system;
end $$;
