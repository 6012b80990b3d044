-- The owner sees no rows behind the forced fence: rows are carried over by the role that may.
set local role yingke_system;
insert into document_versions (workspace_id, document_id, version, name, file_id, content_hash, passages, added_by, created_at, live_at)
  select workspace_id, id, version, name, file_id, content_hash, passages, added_by, updated_at, ready_at from documents;
set local role yingke_owner;
