-- Roles of least power for PostgreSQL: once, as its administrator, on an empty server.
--   psql -v coordinator_password="$(cat coordinator-password)" -v submitter_password="$(cat submitter-password)" \
--     -v worker_password="$(cat worker-password)" -f deploy/roles.sql
-- Two databases: the coordinator's own, which no worker can enter, and the queue. A worker that is broken into can hold up
-- proofs; it cannot read or write the journal of transactions, messages that wait, or the encrypted keys.
-- The coordinator enters the queue by a login of its own that can do nothing else: a worker may plant triggers there, and whoever touches
-- a table runs them with all that the login may do, its password to begin with.
create role tacit_coordinator login password :'coordinator_password';
create role tacit_submitter login password :'submitter_password';
create role tacit_worker login password :'worker_password';
create role tacit_queue nologin;
grant tacit_queue to tacit_submitter, tacit_worker;

create database tacit owner tacit_coordinator;
create database tacit_queue owner tacit_queue;
revoke all on database tacit from public;
revoke all on database tacit_queue from public;

-- What either makes in the queue's database belongs to both.
alter role tacit_submitter in database tacit_queue set role = 'tacit_queue';
alter role tacit_worker in database tacit_queue set role = 'tacit_queue';
