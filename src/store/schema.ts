import { MEMBER_COLUMNS } from './resource-rows.ts'
import { MIN_INSTANT } from './rows.ts'

/** The changes by which a synchronization shows that a resource is there, or that it is not, as they are kept. */
export const NOTICED = `'{"name":"appeared"}', '{"name":"vanished"}'`

/**
 * The migrations, one for each format; `user_version` is the format of a file. Never change a released migration, only add one.
 *
 * A row of `job` holds a whole job: its plan, its events and, as columns, the instants at which its values in a list change,
 * so that lists filter, sort and count without loading a plan. Rows belong to a content, to which a domain refers (or a
 * snapshot, which is a domain whose name no client can use); `seq` orders the jobs of a content. A row of `item` has a job, one
 * of its items or phases, and the instant at which the item ends or the phase begins if that is known.
 *
 * A row of `resource` holds a resource as it was made and what calls did to it, a row of `step` what it is from one change to
 * the next, past and to come: `since <= now and now < until`. A step after which it is no longer there has no length. The
 * record of a step is null while it is that of `resource`. `seq` is of one sequence with that of the jobs. `effect` says which
 * job acts on which resource, by its id.
 *
 * Lists sort by the columns `m0` to `m11` of a step, each with its index, and filter by `facet`: a row of that table has one
 * combination of the values that many resources share. So a filter looks at few rows, and a page in any order is read in it.
 * Versions of one resource have the same `versions_of`; the newest that is there is the one with the greatest number.
 *
 * Migration 4 leaves the jobs of format 3 in `job_format_3`; `upgrade.ts` moves them.
 */
export const MIGRATIONS: readonly string[] = [
  `
  create table secret (
    name text primary key,
    value text not null
  ) strict, without rowid;

  create table domain (
    key integer primary key autoincrement,
    id text not null unique,
    name text not null unique collate nocase,
    state text not null
  ) strict;

  create table refresh_token (
    id text primary key,
    digest text not null unique,
    domain_id text not null,
    state text not null
  ) strict, without rowid;
  create index refresh_token_domain on refresh_token (domain_id);

  create table revoked_jwt (
    id text primary key,
    expires_at integer not null
  ) strict, without rowid;

  create table job (
    seq integer primary key,
    domain integer not null,
    id text not null,
    family text not null,
    operation text not null,
    cloud text not null,
    exists_from integer not null,
    created_at integer not null,
    first_updated_at integer not null,
    cancelled_at integer,
    ends_at integer,
    end_status text,
    last_updated_at integer,
    completed_at integer,
    deleted_at integer,
    first_transition_at integer,
    last_transition_at integer,
    transition_count integer not null,
    content integer,
    version integer not null,
    final_text text,
    document text,
    echoes text not null,
    plan text not null,
    events text not null
  ) strict;

  create unique index job_id on job (domain, id);
  create index job_list on job (domain, family, seq, exists_from, deleted_at, ends_at, end_status);
  create index job_due on job (domain, first_transition_at, last_transition_at, transition_count, deleted_at)
    where first_transition_at is not null;
  create index job_running on job (domain, last_transition_at, first_transition_at)
    where first_transition_at is not null;
  create index job_content on job (domain, content) where content is not null;
  `,
  `
  drop index job_list;
  create index job_list on job (domain, seq, family, exists_from, deleted_at, ends_at, end_status);
  create index job_changed on job (domain, seq) where version > 0;

  alter table domain add column origin text;
  update domain set origin = coalesce(json_extract(state, '$.origin'), '{"settings":{},"users":[]}'),
    state = json_remove(state, '$.origin');

  create table tally (
    domain integer not null,
    block integer not null,
    family text not null,
    operation text not null,
    cloud text not null,
    end_status text not null,
    is_deleted integer not null,
    jobs integer not null,
    last_from integer not null,
    first_end integer not null,
    last_end integer not null,
    last_deletion integer not null,
    primary key (domain, block, family, operation, cloud, end_status, is_deleted)
  ) strict, without rowid;
  `,
  `
  alter table job add column occurrence integer;
  drop index job_content;
  update job set occurrence = numbered.occurrence
    from (select seq, row_number() over (partition by domain, content order by seq) - 1 as occurrence
      from job where content is not null) as numbered
    where job.seq = numbered.seq;
  create index job_content on job (domain, content, occurrence) where content is not null;

  drop index job_due;
  drop index job_running;
  create index job_ending on job (domain, last_transition_at, first_transition_at, transition_count, deleted_at)
    where first_transition_at is not null;
  `,
  `
  drop index job_id;
  drop index job_list;
  drop index job_changed;
  drop index job_content;
  drop index job_ending;
  drop table tally;
  alter table job rename to job_format_3;

  create table content (key integer primary key autoincrement) strict;
  insert into content (key) select key from domain;
  delete from domain where coalesce(json_extract(state, '$.isSeeded'), 1) = 0;
  alter table domain add column content integer not null default 0;
  alter table domain add column visible_to integer;
  update domain set content = key;

  create table job (
    content integer not null,
    seq integer not null,
    id text not null,
    family text not null,
    operation text not null,
    cloud text not null,
    exists_from integer not null,
    created_at integer not null,
    first_updated_at integer not null,
    cancelled_at integer,
    ends_at integer,
    end_status text,
    last_updated_at integer,
    completed_at integer,
    deleted_at integer,
    changed_at integer,
    request_hash integer,
    occurrence integer,
    final_text text,
    document text,
    echoes text not null,
    plan text not null,
    events text not null
  ) strict;

  create unique index job_id on job (content, id);
  create unique index job_seq on job (content, seq);
  create index job_list on job (content, seq, family, exists_from, deleted_at, ends_at, end_status, cancelled_at,
    first_updated_at, last_updated_at, created_at, completed_at, cloud, operation, id);
  create index job_end on job (content, ends_at, seq) where ends_at > ${MIN_INSTANT} and deleted_at is null;
  create index job_changed on job (content, changed_at) where changed_at is not null;
  create index job_request on job (content, request_hash, occurrence) where request_hash is not null;

  create table item (
    content integer not null,
    job integer not null,
    item text not null,
    at integer,
    primary key (content, job, item)
  ) strict, without rowid;
  create index item_at on item (content, at, job) where at is not null;
  `,
  `
  create table resource (
    content integer not null,
    seq integer not null,
    id text not null,
    kind text not null,
    exists_from integer not null,
    is_hidden integer not null,
    vanishes integer not null,
    is_loss_silent integer not null,
    request_hash integer,
    occurrence integer,
    by text not null,
    record text not null,
    events text not null
  ) strict;
  create unique index resource_id on resource (content, id);
  create unique index resource_seq on resource (content, seq);
  create index resource_request on resource (content, request_hash, occurrence) where request_hash is not null;

  create table step (
    content integer not null,
    resource integer not null,
    n integer not null,
    kind text not null,
    since integer not null,
    until integer not null,
    is_hidden integer not null,
    is_lost integer not null,
    is_due integer not null,
    change text,
    by text,
    record text,
    facet integer,
    versions_of text,
    ${MEMBER_COLUMNS.map((column) => `${column} any`).join(', ')}
  ) strict;
  create unique index step_n on step (content, resource, n);
  create index step_page on step (content, kind, resource, since, until, is_hidden, facet);
  ${MEMBER_COLUMNS.map(
    (column) =>
      `create index step_${column} on step (content, kind, ${column}, resource, since, until, is_hidden, facet);`,
  ).join('\n  ')}
  create index step_newest on step (content, kind, versions_of, resource, since, until, is_hidden)
    where versions_of is not null;
  create index step_due on step (content, since, resource) where is_due = 1;

  create table facet (
    content integer not null,
    key integer not null,
    kind text not null,
    members text not null,
    primary key (content, key)
  ) strict, without rowid;
  create unique index facet_members on facet (content, kind, members);

  create table resource_name (
    content integer not null,
    name text not null,
    resource integer not null,
    primary key (content, name, resource)
  ) strict, without rowid;
  create index resource_name_of on resource_name (content, resource);

  create table effect (
    content integer not null,
    job integer not null,
    resource text not null,
    primary key (content, job, resource)
  ) strict, without rowid;
  create index effect_on on effect (content, resource, job);
  `,
  `
  alter table job add column phases text;
  drop index job_list;
  create index job_list on job (content, seq, family, exists_from, deleted_at, ends_at, end_status, cancelled_at,
    first_updated_at, last_updated_at, created_at, completed_at, cloud, operation, id, phases);
  `,
  `
  create index step_unseen on step (content, resource) where is_hidden = 1 or is_lost = 1;
  create index step_noticed on step (content, by) where change in (${NOTICED});
  `,
]
