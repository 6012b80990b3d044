-- One try to show that an order is one's own, in one round trip: counted whether it is right or not. It runs as whoever
-- calls it, behind the fence. The same statements run for an unknown number and for a wrong tail; tails are compared as
-- digests, so that how long it takes tells nothing of how near a guess was.
create function try_order(p_workspace bigint, p_conversation bigint, p_number_key text, p_tail text, p_most int, p_minutes int)
returns table (opened bigint, here int, on_number int)
language plpgsql set search_path = public, pg_temp as $$
declare
  v_tail bytea := sha256(convert_to(p_tail, 'UTF8'));
begin
  perform set_config('app.workspace_id', p_workspace::text, true);
  -- First the talk, then the number: many at once wait in line and no two wait for each other.
  perform pg_advisory_xact_lock(hashtextextended(p_workspace || ':' || p_conversation, 1));
  perform pg_advisory_xact_lock(hashtextextended(p_workspace || ':' || p_number_key, 2));
  -- A statement of its own: it sees what the locks waited for.
  select
    (select count(*) from order_tries t where t.workspace_id = p_workspace and t.conversation_id = p_conversation and not t.was_right),
    (select count(*) from order_tries t where t.workspace_id = p_workspace and t.number_key = p_number_key and not t.was_right
       and t.tried_at > now() - interval '24 hours'),
    (select min(array[place, o.id]) from (
       select id, phone, row_number() over (order by ordered_at desc, id) as place from orders
       where workspace_id = p_workspace and number_key = p_number_key order by ordered_at desc, id limit 5) o
     where length(o.phone) >= 7 and sha256(convert_to(right(o.phone, 4), 'UTF8')) = v_tail)[2]
    into here, on_number, opened;
  if p_tail !~ '^[0-9]{4}$' or here >= p_most or on_number >= p_most then
    opened := null;
  end if;
  insert into order_tries (workspace_id, conversation_id, number_key, was_right)
    values (p_workspace, p_conversation, p_number_key, opened is not null);
  if opened is not null then
    insert into order_links (workspace_id, conversation_id, order_id, how)
      values (p_workspace, p_conversation, opened, 'asked') on conflict do nothing;
    insert into opened_orders as x (workspace_id, conversation_id, order_id, open_until)
      values (p_workspace, p_conversation, opened, now() + make_interval(mins => p_minutes))
      on conflict (workspace_id, conversation_id, order_id) do update set open_until = excluded.open_until;
  end if;
  return next;
end $$;
