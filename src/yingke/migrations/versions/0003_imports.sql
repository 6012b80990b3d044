-- Files exported from platforms and ERPs: products, stock and prices, orders, tracking numbers.
create table shop_imports (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  name text not null,
  source text not null default 'upload' check (source in ('upload', 'drop')),
  kind text check (kind in ('products', 'stock', 'orders', 'shipments')), -- null until known
  file_id bigint,                             -- null once the file is gone: after success, or after a day
  shop_id bigint,
  columns_hash bytea,                         -- of the column names, once the file has been looked at
  mapping jsonb,                              -- what the columns mean; null until known
  is_remembered boolean not null default false, -- read by the mapping of an earlier file, without a click
  state text not null default 'queued'
    check (state in ('queued', 'mapping', 'reading', 'ready', 'failed', 'cancelled', 'undoing', 'undone', 'leaving')),
  progress real not null default 0,           -- of the state, 0..1
  reason jsonb,                               -- {code, zh, en}
  rows int not null default 0,                -- rows of the table
  done int not null default 0,                -- products or orders gone through; where the next try goes on
  added int not null default 0,
  changed int not null default 0,
  unchanged int not null default 0,
  skipped int not null default 0,             -- rows that could not be read, or what they speak of is not there
  problems jsonb not null default '[]',       -- [{row, code, value}], the first ones
  kept int not null default 0,                -- what undo left alone, because it was told again or changed since
  added_by bigint,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  finished_at timestamptz,
  unique (workspace_id, id),
  foreign key (workspace_id, shop_id) references shops(workspace_id, id)
);

create table shop_mappings (
  workspace_id bigint not null references workspaces(id),
  columns_hash bytea not null,                -- of the column names: the same kind of file is read by itself
  mapping jsonb not null,
  updated_at timestamptz not null default now(),
  primary key (workspace_id, columns_hash)
);

-- What an import did to each thing, so that it can be taken back. Nothing is written for what it found as it is.
create table shop_import_changes (
  workspace_id bigint not null,
  import_id bigint not null,
  thing text not null check (thing in ('product', 'order')),
  thing_id bigint not null,
  before jsonb,                               -- its rows as they were; null = the import added it
  after_hash bytea not null,                  -- of its rows as the import left them; another one now: somebody came after
  primary key (workspace_id, import_id, thing, thing_id),
  foreign key (workspace_id, import_id) references shop_imports(workspace_id, id) on delete cascade
);

-- What lay in the drop folder of a workspace at the last look. A file whose size and time hold still is finished.
create table drop_files (
  workspace_id bigint not null references workspaces(id),
  name text not null,
  size bigint not null,
  changed_at timestamptz not null,
  import_id bigint,                           -- once it is taken in; it is moved away when the import has ended
  seen_at timestamptz not null default now(),
  primary key (workspace_id, name)
);
