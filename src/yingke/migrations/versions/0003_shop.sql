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
  no_seven_days boolean not null default false, -- outside the seven days without reason
  is_listed boolean not null default true,
  is_demo boolean not null default false,
  price_from_minor bigint not null default 0, -- over its listed variants
  price_to_minor bigint not null default 0,
  stock_total bigint,                         -- null = not told of any variant
  search tsvector not null default '',        -- what commerce/finding/terms.py makes of its words
  content_hash bytea not null default '',     -- told again unchanged: only seen_at moves
  source_at timestamptz not null default now(), -- the source's own time of this state; an older one never replaces it
  seen_at timestamptz not null default now(), -- last told by its source
  created_at timestamptz not null default now(),
  unique (workspace_id, id)
);
create unique index products_external on products (workspace_id, coalesce(connection_id, 0), external_id);
-- No GIN on `search`: behind row-level security `@@` is not leakproof and no index would serve it; a workspace's products
-- are scanned, 10,000 of them in some 5 ms.
create index products_price on products (workspace_id, price_from_minor, id) where is_listed;
create index products_code on products (workspace_id, lower(code)) where code <> '';

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
create index product_variants_sku on product_variants (workspace_id, lower(sku)) where sku <> '';

create table promotions (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  shop_id bigint,                             -- null = every shop
  name text not null,
  kind text not null check (kind in ('member_price', 'every_reduce', 'threshold_reduce', 'percent', 'gift', 'presale', 'shipping')),
  terms jsonb not null,                       -- see commerce/prices/offers.py: what each kind needs
  currency text not null default 'CNY',
  given int not null default 0,               -- how many orders have had the gift, where it is limited
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
  stacks boolean not null default true,       -- together with what reduces the order
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
  foreign key (workspace_id, contact_id) references contacts(workspace_id, id) on delete cascade
);

create table orders (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  connection_id bigint,
  shop_id bigint,
  external_id text not null,
  number text not null,                       -- what the customer sees
  number_key text not null,                   -- its letters and digits in lower case: how it is looked up
  buyer_external_id text,                     -- the platform's id of the buyer = external_id of a signed identity
  buyer_name text not null default '',
  phone text not null default '',             -- digits only; compared by its tail, never shown to a stranger
  email text not null default '',
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
  source_at timestamptz not null default now(), -- the source's own time of this state; an older one never replaces it
  seen_at timestamptz not null default now(),
  unique (workspace_id, id)
);
create unique index orders_external on orders (workspace_id, coalesce(connection_id, 0), external_id);
create index orders_number on orders (workspace_id, number_key);
create index orders_buyer on orders (workspace_id, buyer_external_id) where buyer_external_id is not null;
create index orders_phone on orders (workspace_id, phone) where phone <> '';
create index orders_time on orders (workspace_id, ordered_at desc, id desc);

create table order_items (
  id bigint generated always as identity primary key,
  workspace_id bigint not null,
  order_id bigint not null,
  line int not null,
  external_id text not null default '',       -- the platform's id of the line
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
  phone_tail text not null default '',        -- four digits that some carriers want to hear
  state text not null default 'in_transit',   -- waiting, picked_up, in_transit, out_for_delivery, delivered, problem, returned, unknown
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

-- Somebody named an order and the end of a phone number. Counted, right or wrong, so that it cannot be guessed.
create table order_tries (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  conversation_id bigint not null,
  number_key text not null,
  was_right boolean not null,
  tried_at timestamptz not null default now(),
  foreign key (workspace_id, conversation_id) references conversations(workspace_id, id) on delete cascade
);
create index order_tries_conversation on order_tries (workspace_id, conversation_id);
create index order_tries_number on order_tries (workspace_id, number_key, tried_at);

-- Orders that a stranger has shown to be his, in one conversation and for a while.
create table opened_orders (
  workspace_id bigint not null,
  conversation_id bigint not null,
  order_id bigint not null,
  open_until timestamptz not null,
  primary key (workspace_id, conversation_id, order_id),
  foreign key (workspace_id, conversation_id) references conversations(workspace_id, id) on delete cascade,
  foreign key (workspace_id, order_id) references orders(workspace_id, id) on delete cascade
);

-- What the assistant and the agents may have the shop do, and when somebody else must say yes. No row: the defaults.
create table order_policies (
  workspace_id bigint primary key references workspaces(id),
  assistant_kinds text[] not null,            -- what the assistant may ask for by itself
  approval_kinds text[] not null,             -- what somebody always has to approve
  assistant_limit_minor bigint not null,      -- above it an agent approves
  agent_limit_minor bigint not null,          -- above it an admin approves
  return_days int not null,                   -- counted from delivery
  exchange_days int not null,
  repair_days int not null,
  link_days int not null,                     -- an order so many days after a conversation is linked to it
  updated_at timestamptz not null default now()
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
  asked_by text not null check (asked_by in ('assistant', 'agent')),
  agent_id bigint,
  approver text check (approver in ('agent', 'admin')), -- who has to say yes while it waits
  decided_by bigint,                          -- the agent who approved, refused, withdrew or finished it
  decided_at timestamptz,
  calls int not null default 0,               -- how often the shop was called; also the generation of the call
  may_have_happened boolean not null default false, -- a call was begun and nobody knows how it ended
  called_until timestamptz,                   -- nobody else calls before
  external_id text,                           -- the platform's number of it
  outcome text not null default '',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (workspace_id, id),
  unique (workspace_id, idempotency_key),
  foreign key (workspace_id, order_id) references orders(workspace_id, id)
);
create index order_requests_open on order_requests (workspace_id, id desc);
create index order_requests_order on order_requests (workspace_id, order_id) where order_id is not null;
create index order_requests_conversation on order_requests (workspace_id, conversation_id) where conversation_id is not null;

-- Which talk came before which order (F144), and which order a talk is about.
create table order_links (
  workspace_id bigint not null,
  conversation_id bigint not null,
  order_id bigint not null,
  how text not null check (how in ('asked', 'bought_after', 'by_hand')),
  created_at timestamptz not null default now(),
  primary key (workspace_id, conversation_id, order_id),
  foreign key (workspace_id, conversation_id) references conversations(workspace_id, id) on delete cascade,
  foreign key (workspace_id, order_id) references orders(workspace_id, id) on delete cascade
);
create index order_links_order on order_links (workspace_id, order_id);
-- Whose phone is on an order, whatever marks it was written with.
create index contacts_phone on contacts (workspace_id, right(regexp_replace(phone, '[^0-9]', '', 'g'), 11)) where phone is not null;
