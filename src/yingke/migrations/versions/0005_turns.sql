-- What a turn writes is often a little over two kilobytes and is read seldom: pressing such rows together takes more of the
-- processor than storing them as they are. Rows of more than four kilobytes are still pressed and moved aside.
alter table conversations set (toast_tuple_target = 4080);
alter table messages set (toast_tuple_target = 4080);
alter table traces set (toast_tuple_target = 4080);
