-- The owner sees no rows behind the forced fence: rows are carried over by the role that may.
set local role yingke_system;
insert into document_versions (workspace_id, document_id, version, name, file_id, content_hash, passages, added_by, created_at, live_at)
  select workspace_id, id, version, name, file_id, content_hash, passages, added_by, updated_at, ready_at from documents;
update documents d set live_version = (select max(p.version) from passages p
  where p.workspace_id = d.workspace_id and p.document_id = d.id and p.is_live);
set local role yingke_owner;
