-- Shops of other platforms that a workspace has connected, and what they have pushed.
create table shop_connections (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  provider text not null,                       -- a file of commerce/providers/
  name text not null,
  shop_ids bigint[],                            -- null = every shop of the workspace
  settings jsonb not null default '{}',         -- addresses, account names, mappings: nothing secret
  secret bytea not null,                        -- sealed JSON: keys and tokens that a person typed in
  token bytea,                                  -- sealed: what the platform gave for them, for a while
  token_until timestamptz,
  token_lease_until timestamptz,                -- one process renews the token
  state text not null default 'ok' check (state in ('ok', 'failing', 'reconnect', 'paused')),
  reason jsonb,                                 -- {code, zh, en} while it fails
  failing_since timestamptz,
  fails int not null default 0,                 -- in a row
  generation int not null default 0,            -- grows with each change by a person: a run of before then stops
  progress jsonb not null default '{}',         -- {phase, cursor, is_full, started_at, products, orders} of the run going on
  products_until timestamptz,                   -- what changed before then is mirrored
  orders_until timestamptz,
  first_synced_at timestamptz,
  last_synced_at timestamptz,
  last_full_at timestamptz,
  next_sync_at timestamptz,
  last_push_at timestamptz,
  created_by bigint,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  unique (workspace_id, id)
);
create index shop_connections_ws on shop_connections (workspace_id, id) where deleted_at is null;

-- What a shop told by itself: stored before it is answered, done by a job, kept a while so that a repeat is known.
create table shop_pushes (
  id bigint generated always as identity primary key,
  workspace_id bigint not null,
  connection_id bigint not null,
  push_key text not null,                       -- the platform's id of it, or its hash
  changes jsonb,                                -- what it says; gone when done
  received_at timestamptz not null default now(),
  done_at timestamptz,
  unique (workspace_id, connection_id, push_key),
  foreign key (workspace_id, connection_id) references shop_connections(workspace_id, id) on delete cascade
);
create index shop_pushes_waiting on shop_pushes (workspace_id, connection_id, id) where done_at is null;
create index shop_pushes_age on shop_pushes (workspace_id, received_at);

-- Parcels that a carrier service was asked to report on.
create table parcel_subscriptions (
  workspace_id bigint not null,
  connection_id bigint not null,
  tracking_number text not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, connection_id, tracking_number),
  foreign key (workspace_id, connection_id) references shop_connections(workspace_id, id) on delete cascade
);

-- Whose connection a shop speaks to when it calls. Crosses workspaces, gives one id only.
create function find_shop_connection(p_id bigint) returns bigint
language sql stable security definer set search_path = public, pg_temp as $$
  select workspace_id from shop_connections where id = p_id and deleted_at is null
$$;
revoke all on function find_shop_connection(bigint) from public;
grant execute on function find_shop_connection(bigint) to yingke_app;
alter function find_shop_connection(bigint) owner to yingke_system;
