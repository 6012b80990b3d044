-- Which coupons the assistants may give to a customer who is signed in and asks.
alter table coupons add column by_assistant boolean not null default false;
