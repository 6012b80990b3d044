-- The first message of a conversation in one round trip: under a rush each further one waits behind everybody else's.
-- It runs as whoever calls it, behind the fence: it names the workspace of its own transaction and sees nothing else.
-- 'stored': message 1 of a new conversation · 'elsewhere': it belongs into this one · 'missing': no such shop.
create function open_conversation(
  p_workspace bigint, p_shop bigint, p_account bigint, p_identity bigint, p_client_id text, p_type text, p_text text,
  p_payload jsonb, p_language text, p_page jsonb, p_owner text, p_lease_seconds int)
returns table (outcome text, conversation_id bigint, message_id bigint, created_at timestamptz, handled_by text,
               generation int, answered_through int, knowledge_version bigint)
language plpgsql set search_path = public, pg_temp as $$
#variable_conflict use_column
declare
  v_found bigint;
  v_shop record;
  v_by text;
  v_page jsonb := p_page;
  v_message record;
begin
  perform set_config('app.workspace_id', p_workspace::text, true);
  -- Sent before: receiving it there gives the first answer again.
  select m.conversation_id into v_found from messages m
    where m.workspace_id = p_workspace and m.sender_id = p_identity and m.client_message_id = p_client_id and m.author = 'contact';
  if v_found is null then
    select c.id into v_found from conversations c
      where c.workspace_id = p_workspace and c.identity_id = p_identity and c.status = 'open';
  end if;
  if v_found is null then
    select s.assistant, s.reopen_hours into v_shop from shops s where s.workspace_id = p_workspace and s.id = p_shop;
    if not found then
      return query select 'missing', null::bigint, null::bigint, null::timestamptz, null::text, null::int, null::int, null::bigint;
      return;
    end if;
    if v_shop.reopen_hours > 0 then
      update conversations c set status = 'open', closed_at = null, closed_by = null, handled_by = 'assistant', agent_id = null,
        generation = c.generation + 1 where c.id = (select l.id from conversations l where l.workspace_id = p_workspace
        and l.identity_id = p_identity and l.closed_at > now() - make_interval(hours => v_shop.reopen_hours) order by l.id desc limit 1)
        returning c.id into v_found;
      if v_found is not null then
        insert into events (workspace_id, type, conversation_id) values (p_workspace, 'conversation_reopened', v_found);
      end if;
    end if;
  end if;
  if v_found is null then
    if v_page is null or v_page = '{}' then
      select jsonb_build_object('url', v.url, 'title', v.title) into v_page from visits v
        where v.workspace_id = p_workspace and v.identity_id = p_identity order by v.id desc limit 1;
    end if;
    v_by := case when coalesce(v_shop.assistant->'enabled', 'true') = 'false' then 'queue' else 'assistant' end;
    insert into conversations (workspace_id, shop_id, channel_account_id, identity_id, handled_by, last_seq, last_contact_seq,
        contact_messages, waiting_since, queued_at, last_preview, language, subject)
      values (p_workspace, p_shop, p_account, p_identity, v_by, 1, 1, 1, now(), case when v_by = 'queue' then now() end,
        case when p_type = 'text' then left(coalesce(p_text, ''), 120) else '[' || p_type || ']' end, p_language, coalesce(v_page, '{}'))
      on conflict (workspace_id, identity_id) where status = 'open' do nothing
      returning id into conversation_id;
    if conversation_id is null then
      -- Two first messages at once: the other one has opened it.
      select c.id into v_found from conversations c
        where c.workspace_id = p_workspace and c.identity_id = p_identity and c.status = 'open';
    end if;
  end if;
  if v_found is not null then
    return query select 'elsewhere', v_found, null::bigint, null::timestamptz, null::text, null::int, null::int, null::bigint;
    return;
  end if;
  insert into messages as m (workspace_id, conversation_id, seq, author, sender_id, type, text, payload, client_message_id)
    values (p_workspace, conversation_id, 1, 'contact', p_identity, p_type, p_text, p_payload, p_client_id)
    returning m.id, m.created_at into v_message;
  if v_by = 'assistant' then
    insert into pending_answers (conversation_id, workspace_id, through_seq, owner, leased_until)
      values (conversation_id, p_workspace, 1, p_owner, now() + make_interval(secs => p_lease_seconds));
  end if;
  insert into events (workspace_id, type, conversation_id, seq)
    values (p_workspace, 'conversation_created', conversation_id, 1), (p_workspace, 'message_created', conversation_id, 1);
  return query select 'stored', conversation_id, v_message.id, v_message.created_at, v_by, 1, 0, w.knowledge_version
    from workspaces w where w.id = p_workspace;
end $$;
