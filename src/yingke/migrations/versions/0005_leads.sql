-- A follow-up may be a lead: somebody who can be reached and is likely to buy, with why it is thought so.
alter table follow_ups drop constraint follow_ups_kind_check;
alter table follow_ups add constraint follow_ups_kind_check check (kind in
  ('lead', 'call_back', 'reply', 'reship', 'refund', 'compensation', 'repair', 'check', 'invoice', 'other'));
alter table follow_ups add column lead jsonb;   -- {grade: hot|good, reasons: [codes], products: [titles]}; null: judged by nobody
create index follow_ups_leads on follow_ups (workspace_id, due_at, id)
  where kind = 'lead' and state in ('open', 'doing', 'waiting');
create unique index follow_ups_one_lead on follow_ups (workspace_id, conversation_id)
  where kind = 'lead' and lead is not null and state in ('open', 'doing', 'waiting');
