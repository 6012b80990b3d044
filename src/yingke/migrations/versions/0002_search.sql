-- Passages of workspaces too large to be searched in memory; filled and emptied by a job, never by the small ones.
create table large_passages (
  workspace_id bigint not null,
  passage_id bigint not null,
  terms tsvector not null,                      -- cut with the same knife as the question
  embedding halfvec(512) not null,
  primary key (workspace_id, passage_id)
);
