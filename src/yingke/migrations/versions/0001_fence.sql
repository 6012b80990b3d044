-- The fence: every table with a workspace_id shows a request only its own workspace, and nothing when none is set.
do $$
declare
  t text;
  f regprocedure;
begin
  for t in
    select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind = 'r' and c.relname not in ('alembic_version', 'schedules', 'installation')
  loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format(
      'create policy fence on %I to yingke_app using (%s = (select nullif(current_setting(''app.workspace_id'', true), '''')::bigint))'
      ' with check (%s = (select nullif(current_setting(''app.workspace_id'', true), '''')::bigint))',
      t, case t when 'workspaces' then 'id' else 'workspace_id' end, case t when 'workspaces' then 'id' else 'workspace_id' end);
    execute format('create policy crossing on %I to yingke_system using (true) with check (true)', t);
    execute format('grant select, insert, update, delete on %I to yingke_app, yingke_system', t);
  end loop;
  grant select, insert, update, delete on schedules, installation to yingke_app, yingke_system;
  grant select on alembic_version to yingke_app;
  revoke insert, delete on workspaces from yingke_app;
  revoke update, delete on audit_log from yingke_app;
  grant usage on all sequences in schema public to yingke_app, yingke_system;
  for f in
    select p.oid::regprocedure from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = 'public' and p.prosecdef
  loop
    execute format('revoke all on function %s from public', f);
    execute format('grant execute on function %s to yingke_app', f);
    execute format('alter function %s owner to yingke_system', f);
  end loop;
end $$;
