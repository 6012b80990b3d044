-- What customers told of themselves in a conversation, verified by nobody; one row a value, however often it is said.
create table told_details (
  id bigint generated always as identity primary key,
  workspace_id bigint not null references workspaces(id),
  identity_id bigint not null,
  kind text not null check (kind in ('phone', 'wechat', 'email', 'name', 'city', 'budget', 'call_time')),
  value text not null,
  conversation_id bigint not null,             -- where it was said last
  seq int not null,
  reason text not null default '',             -- why it was asked for; empty: told unasked
  told_at timestamptz not null default now(),
  unique (workspace_id, id),
  unique (workspace_id, identity_id, kind, value),
  foreign key (workspace_id, identity_id) references identities(workspace_id, id) on delete cascade
);

alter table contacts add column no_contact_since timestamptz;
comment on column contacts.no_contact_since is 'asked not to be contacted; nobody is asked for details from then on';
