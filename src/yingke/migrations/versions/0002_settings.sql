-- What a workspace has decided about its knowledge; absent = the product's own values.
create table knowledge_settings (
  workspace_id bigint primary key references workspaces(id),
  answering jsonb not null default '{}',        -- calibrated decision: {threshold, weights, tuned_at, items, …}
  gate jsonb not null default '{}',             -- {is_on, most_worse}: when a golden run may hold a change back
  search jsonb not null default '{}',           -- {embedding, reranker}
  updated_at timestamptz not null default now()
);
