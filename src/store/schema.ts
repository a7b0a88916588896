/**
 * The tables, one step a version; `user_version` says how far a file has come. Steps are only ever added.
 *
 * One row holds a whole job: a command is then one compare-and-append, and copying a domain one `insert ... select`.
 * The instants are columns so that lists filter, sort and count without loading a plan.
 *
 * Formats 2 and 3 had counts of large domains by block; format 3 had plans of jobs that were over when they were seeded as a list:
 * whether aborted, then each item's id and status. The rest of such a plan was in the columns.
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
  drop index job_changed;
  drop table tally;

  drop index job_list;
  create index job_list on job (domain, seq, family, operation, cloud, exists_from, deleted_at, ends_at, end_status);

  update job set plan = json_patch('{}', json_object('kind', 'finished', 'createdAt', created_at,
      'updatedAt', first_updated_at, 'completedAt', completed_at, 'status', end_status, 'abort', plan -> '$[0]',
      'items', json((select json_group_array(json_object('id', id, 'status', status))
        from (select max(value) filter (where key % 2 = 1) as id, max(value) filter (where key % 2 = 0) as status
          from json_each(plan) where key > 0 group by (key - 1) / 2 order by (key - 1) / 2)))))
    where json_type(plan) = 'array';
  `,
]
