-- The merchant's shop as the assistant and the agents know it. Money in minor units (分, cents) beside its currency.
create table products (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  connection_id bigint,                       -- null = the built-in shop
  external_id text not null,                  -- the platform's id, or the article number of the built-in shop
  code text not null default '',              -- 货号 / SPU
  title text not null,
  description text not null default '',
  category text not null default '',
  attributes jsonb not null default '{}',     -- {名称: 值}
  url text,
  picture_url text,
  picture_file_id bigint,
  shop_ids bigint[],                          -- null = every shop
  currency text not null default 'CNY',
  options jsonb not null default '{}',        -- {excluded_promotions: […], no_seven_days: true, presale: {…}, …}
  is_listed boolean not null default true,
  is_demo boolean not null default false,
  search_text text not null default '',
  seen_at timestamptz not null default now(), -- last told by its source
  created_at timestamptz not null default now(),
  unique (workspace_id, id)
);
create unique index products_external on products (workspace_id, coalesce(connection_id, 0), external_id);

create table product_variants (
  id bigint generated always as identity primary key,
  workspace_id bigint not null,
  product_id bigint not null,
  external_id text not null,
  sku text not null default '',
  title text not null default '',             -- 苔绿 / M
  attributes jsonb not null default '{}',
  price_minor bigint not null,
  compare_at_minor bigint,                    -- stored former price; never invented
  stock int,                                  -- null = not told
  restock_at timestamptz,
  is_listed boolean not null default true,
  seen_at timestamptz not null default now(),
  unique (workspace_id, id),
  unique (workspace_id, product_id, external_id),
  foreign key (workspace_id, product_id) references products(workspace_id, id) on delete cascade
);
create index product_variants_sku on product_variants (workspace_id, sku);

create table promotions (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  shop_id bigint,                             -- null = every shop
  name text not null,
  kind text not null check (kind in ('member_price', 'every_reduce', 'threshold_reduce', 'percent', 'gift', 'presale', 'shipping')),
  terms jsonb not null,                       -- see commerce/promotions: what each kind needs
  priority int not null default 0,            -- order of calculation, lowest first
  excluded_codes text[] not null default '{}',
  only_codes text[] not null default '{}',
  starts_at timestamptz,
  ends_at timestamptz,
  is_enabled boolean not null default true,
  is_demo boolean not null default false,
  created_at timestamptz not null default now(),
  unique (workspace_id, id)
);

create table coupons (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  shop_id bigint,
  name text not null,
  code text not null default '',
  threshold_minor bigint not null default 0,
  off_minor bigint not null,
  currency text not null default 'CNY',
  per_order int not null default 1,
  is_public boolean not null default true,    -- anybody may use it; otherwise it is given to a contact
  only_codes text[] not null default '{}',
  excluded_codes text[] not null default '{}',
  starts_at timestamptz,
  ends_at timestamptz,
  is_enabled boolean not null default true,
  is_demo boolean not null default false,
  created_at timestamptz not null default now(),
  unique (workspace_id, id)
);

create table given_coupons (
  id bigint generated always as identity primary key,
  workspace_id bigint not null,
  coupon_id bigint not null,
  contact_id bigint not null,
  used_at timestamptz,
  given_at timestamptz not null default now(),
  unique (workspace_id, coupon_id, contact_id),
  foreign key (workspace_id, coupon_id) references coupons(workspace_id, id) on delete cascade,
  foreign key (workspace_id, contact_id) references contacts(workspace_id, id)
);

create table orders (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  connection_id bigint,
  shop_id bigint,
  external_id text not null,
  number text not null,                       -- what the customer sees
  buyer_external_id text,                     -- the platform's id of the buyer = external_id of a signed identity
  buyer_name text not null default '',
  phone text not null default '',             -- digits only; compared by its tail, never shown to a stranger
  email text not null default '',
  identity_id bigint,                         -- whose order it is, once somebody is known to be the buyer
  state text not null default 'paid',         -- unpaid, paid, shipped, delivered, closed, refunded, …
  state_text text not null default '',        -- the platform's own word
  currency text not null default 'CNY',
  total_minor bigint not null default 0,
  paid_minor bigint,
  amounts jsonb not null default '{}',        -- {goods, member_off, promotion_off, coupon_off, shipping}
  address jsonb not null default '{}',        -- {name, phone, region, detail}
  note text not null default '',
  is_demo boolean not null default false,
  ordered_at timestamptz not null default now(),
  paid_at timestamptz,
  shipped_at timestamptz,
  delivered_at timestamptz,
  seen_at timestamptz not null default now(),
  unique (workspace_id, id)
);
create unique index orders_external on orders (workspace_id, coalesce(connection_id, 0), external_id);
create index orders_number on orders (workspace_id, lower(number));
create index orders_buyer on orders (workspace_id, buyer_external_id) where buyer_external_id is not null;
create index orders_identity on orders (workspace_id, identity_id) where identity_id is not null;
create index orders_time on orders (workspace_id, ordered_at desc, id desc);

create table order_items (
  id bigint generated always as identity primary key,
  workspace_id bigint not null,
  order_id bigint not null,
  line int not null,
  product_id bigint,                          -- when it is one we know
  sku text not null default '',
  title text not null,
  variant text not null default '',
  quantity int not null default 1,
  price_minor bigint not null default 0,      -- a piece, as paid
  unique (workspace_id, order_id, line),
  foreign key (workspace_id, order_id) references orders(workspace_id, id) on delete cascade
);

create table shipments (
  id bigint generated always as identity primary key,
  workspace_id bigint not null,
  order_id bigint not null,
  carrier text not null default '',
  carrier_code text not null default '',
  tracking_number text not null default '',
  state text not null default 'in_transit',   -- waiting, picked_up, in_transit, out_for_delivery, delivered, problem, returned
  asked_at timestamptz,                       -- when the carrier was last asked
  shipped_at timestamptz,
  delivered_at timestamptz,
  unique (workspace_id, id),
  unique (workspace_id, order_id, tracking_number),
  foreign key (workspace_id, order_id) references orders(workspace_id, id) on delete cascade
);

create table shipment_events (
  id bigint generated always as identity primary key,
  workspace_id bigint not null,
  shipment_id bigint not null,
  happened_at timestamptz not null,
  place text not null default '',
  text text not null,
  state text not null default '',
  unique (workspace_id, shipment_id, happened_at, text),
  foreign key (workspace_id, shipment_id) references shipments(workspace_id, id) on delete cascade
);

-- What a customer asked the shop to do with an order: return, exchange, refund, repair, cancel, address, invoice, coupon.
create table order_requests (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  order_id bigint,
  conversation_id bigint,
  contact_id bigint,
  kind text not null check (kind in ('return', 'exchange', 'refund', 'repair', 'cancel', 'address', 'invoice', 'coupon')),
  items jsonb not null default '[]',          -- [{line, quantity}]
  amount_minor bigint,
  currency text not null default 'CNY',
  reason text not null default '',
  details jsonb not null default '{}',
  state text not null default 'open' check (state in ('waiting_approval', 'calling', 'open', 'done', 'refused', 'failed', 'uncertain', 'withdrawn')),
  idempotency_key text not null,              -- (message, step): the same request is made once
  asked_by text not null,                     -- assistant, agent, contact
  agent_id bigint,
  approved_by bigint,
  approved_at timestamptz,
  external_id text,                           -- the platform's number of it
  outcome text not null default '',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, id),
  unique (workspace_id, idempotency_key),
  foreign key (workspace_id, order_id) references orders(workspace_id, id)
);
create index order_requests_open on order_requests (workspace_id, id desc);

-- Which talk came before which order (F144), and which order a talk is about.
create table order_links (
  workspace_id bigint not null,
  conversation_id bigint not null,
  order_id bigint not null,
  how text not null check (how in ('asked', 'bought_after', 'by_hand')),
  created_at timestamptz not null default now(),
  primary key (workspace_id, conversation_id, order_id),
  foreign key (workspace_id, conversation_id) references conversations(workspace_id, id),
  foreign key (workspace_id, order_id) references orders(workspace_id, id) on delete cascade
);
create index order_links_order on order_links (workspace_id, order_id);
