-- What stages share in the target database. Dropped when a migration is finished. Names in text columns are safe to print;
-- patients' data is only in tombstone.key, dead_letter.key and dead_letter.value.

-- How far each partition of each topic is applied. One row is locked by every batch that moves it, and its epoch fences writers
-- that lost the partition.
CREATE TABLE handover.applied (
    topic          text    NOT NULL,
    partition      integer NOT NULL,
    epoch          bigint  NOT NULL,
    next_offset    bigint  NOT NULL,
    source         text,
    position       bytea,
    position_text  text,
    committed_at   timestamptz,
    loaded         boolean NOT NULL DEFAULT false,
    updated_at     timestamptz NOT NULL,
    PRIMARY KEY (topic, partition)
) WITH (fillfactor = 40);

-- The target tables, each with the schema that its rows were last written under.
CREATE TABLE handover.target_table (
    table_name      text PRIMARY KEY,
    source_table    text NOT NULL,
    topic           text NOT NULL,
    schema_text     text NOT NULL, -- for people
    schema_avro     text NOT NULL,
    mapping_version integer NOT NULL,
    created_at      timestamptz NOT NULL,
    constrained_at  timestamptz
);

-- The chunks of loads that were written past the log, each in the transaction that wrote its rows: no chunk is written twice.
CREATE TABLE handover.load_chunk (
    table_name      text    NOT NULL,
    chunk           integer NOT NULL,
    source_table    text    NOT NULL,
    mapping_version integer NOT NULL,
    position_text   text    NOT NULL,
    rows            bigint  NOT NULL,
    objects         text[]  NOT NULL DEFAULT '{}', -- of the archive, with the rows as the source said them
    written_at      timestamptz NOT NULL,
    PRIMARY KEY (table_name, chunk)
);

-- What each bucket holds according to the changes applied: compare with the sums of the rows' own lanes.
CREATE TABLE handover.bucket_state (
    table_name text     NOT NULL,
    bucket     smallint NOT NULL,
    sequence   bigint   NOT NULL,
    rows       bigint   NOT NULL,
    lane1      bigint   NOT NULL,
    lane2      bigint   NOT NULL,
    lane3      bigint   NOT NULL,
    lane4      bigint   NOT NULL,
    PRIMARY KEY (table_name, bucket)
) WITH (fillfactor = 40); -- every batch updates many rows: room for their next versions on the same page

-- The last look at each table: its rows, added up by bucket, against bucket_state, both of one moment; and how far the columns of
-- its rows are held against the fingerprints beside them, a range of pages at a look.
CREATE TABLE handover.watch (
    table_name  text        PRIMARY KEY,
    checked_at  timestamptz NOT NULL,
    rows        bigint      NOT NULL,
    buckets     integer[]   NOT NULL, -- whose rows are not what was applied
    since       timestamptz,          -- when that was first seen, or that the table cannot be read; null where all is well
    took_millis bigint      NOT NULL,
    refused     bigint      NOT NULL, -- rows that the target refused: the books count them too
    failing     text        NOT NULL, -- why it cannot be looked at any more
    checks      bigint      NOT NULL,
    round_page    bigint      NOT NULL, -- where the round goes on
    round_begun   timestamptz NOT NULL,
    round_altered bigint      NOT NULL, -- rows with other columns than were written, in this round so far
    whole_begun   timestamptz,          -- of the last whole round; null before the first
    whole_altered bigint      NOT NULL
);

-- Deleted rows keep their position, so that a late change cannot bring them back.
CREATE TABLE handover.tombstone (
    table_name      text     NOT NULL,
    key             bytea    NOT NULL,
    bucket          smallint NOT NULL,
    position        bytea    NOT NULL,
    mapping_version integer  NOT NULL,
    deleted_at      timestamptz NOT NULL,
    PRIMARY KEY (table_name, key)
);

-- One row for each batch with changes: what one transaction of the sink did. Batches of marks alone leave none.
CREATE TABLE handover.receipt (
    batch      bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    applied_at timestamptz NOT NULL,
    offsets    jsonb  NOT NULL,
    changes    bigint NOT NULL,
    inserted   bigint NOT NULL,
    updated    bigint NOT NULL,
    deleted    bigint NOT NULL,
    stale      bigint NOT NULL,
    dead       bigint NOT NULL,
    -- by slot of control.LagScale, the changes of the stream that were so late
    lag_counts integer[] NOT NULL,
    -- under "transactions: source", whether it ended within a transaction that was larger than may be held back
    partial    boolean NOT NULL
);
CREATE INDEX receipt_applied_at ON handover.receipt USING brin (applied_at);

-- Every change ends in exactly one of these columns.
CREATE TABLE handover.ledger (
    topic      text    NOT NULL,
    partition  integer NOT NULL,
    table_name text    NOT NULL,
    changes    bigint  NOT NULL,
    loaded     bigint  NOT NULL,
    inserted   bigint  NOT NULL,
    updated    bigint  NOT NULL,
    deleted    bigint  NOT NULL,
    stale      bigint  NOT NULL,
    dead       bigint  NOT NULL,
    PRIMARY KEY (topic, partition)
);

-- Rows that the mapping made of each source table under each of its versions: every upsert that arrived, stale ones too.
CREATE TABLE handover.mapped (
    topic           text    NOT NULL,
    partition       integer NOT NULL,
    table_name      text    NOT NULL,
    source_table    text    NOT NULL,
    mapping_version integer NOT NULL,
    rows            bigint  NOT NULL,
    PRIMARY KEY (topic, partition, source_table, mapping_version)
) WITH (fillfactor = 40);

-- What the mapping did not understand in rows that it let pass, or changed the meaning of. Stale changes bring no findings, so
-- each is counted once. Examples are shapes of values, at most five, never values; times are the source's.
CREATE TABLE handover.finding (
    table_name          text    NOT NULL,
    source_table        text    NOT NULL,
    column_name         text    NOT NULL,
    kind                text    NOT NULL,
    mapping_version     integer NOT NULL,
    count               bigint  NOT NULL,
    examples            text[]  NOT NULL,
    first_position      bytea   NOT NULL,
    first_position_text text    NOT NULL,
    first_at            timestamptz NOT NULL,
    last_position       bytea   NOT NULL,
    last_position_text  text    NOT NULL,
    last_at             timestamptz NOT NULL,
    PRIMARY KEY (table_name, source_table, column_name, kind, mapping_version)
) WITH (fillfactor = 40);

-- Changes whose row a rule of the mapping leaves out; each is among the deleted of handover.ledger too.
CREATE TABLE handover.filtered (
    table_name      text    NOT NULL,
    source_table    text    NOT NULL,
    rule            text    NOT NULL,
    mapping_version integer NOT NULL,
    changes         bigint  NOT NULL,
    PRIMARY KEY (table_name, source_table, rule, mapping_version)
) WITH (fillfactor = 40);

-- What could not go on, from every stage.
CREATE TABLE handover.dead_letter (
    id              bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    stage           text    NOT NULL,
    reason          text    NOT NULL,
    place           text    NOT NULL,
    topic           text    NOT NULL,
    partition       integer NOT NULL,
    record_offset   bigint  NOT NULL,
    table_name      text    NOT NULL,
    target_name     text    NOT NULL,
    position_text   text    NOT NULL,
    mapping_version integer NOT NULL,
    key             bytea,
    value           bytea,
    rejected_at     timestamptz NOT NULL,
    -- open, or how it was settled: replayed, superseded, repeated (a newer letter stands for it), discarded
    state           text    NOT NULL DEFAULT 'open',
    settled_at      timestamptz,
    settled_why     text    NOT NULL DEFAULT ''
);
CREATE INDEX dead_letter_open ON handover.dead_letter (table_name) WHERE state = 'open';
CREATE UNIQUE INDEX dead_letter_origin ON handover.dead_letter (topic, partition, record_offset, target_name)
    WHERE record_offset >= 0;
-- What capture parks has no place in a topic; read again after a crash, it has the same position.
CREATE UNIQUE INDEX dead_letter_parked ON handover.dead_letter (table_name, position_text) WHERE stage = 'capture';

-- Reconciliation runs and what they found; keys are references, never values.
CREATE TABLE handover.recon_run (
    run         text PRIMARY KEY,
    started_at  timestamptz NOT NULL,
    finished_at timestamptz,
    verdict     text NOT NULL,
    summary     jsonb NOT NULL
);
CREATE TABLE handover.recon_difference (
    run             text  NOT NULL REFERENCES handover.recon_run (run),
    number          bigint NOT NULL,
    table_name      text  NOT NULL,
    kind            text  NOT NULL,
    stage           text  NOT NULL,
    key_reference   text  NOT NULL,
    columns         text[] NOT NULL,
    source_position text  NOT NULL,
    target_position text  NOT NULL,
    PRIMARY KEY (run, number)
);
-- What the validation rules of a run measured; numbers and codes, of the columns that the rules name.
CREATE TABLE handover.recon_rule (
    run          text   NOT NULL REFERENCES handover.recon_run (run),
    number       bigint NOT NULL,
    rule         text   NOT NULL,
    kind         text   NOT NULL,
    table_name   text   NOT NULL,
    measure      text   NOT NULL,
    unit         text   NOT NULL,
    source_value text   NOT NULL,
    target_value text   NOT NULL,
    difference   text   NOT NULL,
    proved       text   NOT NULL,
    result       text   NOT NULL,
    consequence  text   NOT NULL,
    in_flight    bigint NOT NULL,
    detail       text   NOT NULL,
    PRIMARY KEY (run, number)
);

-- The taps: second readers of the sources' logs. How far each is, and why it stands still or left something out.
CREATE TABLE handover.tap (
    source       text PRIMARY KEY,
    slot         text   NOT NULL,
    state        text   NOT NULL, -- comparing, failing
    detail       text   NOT NULL,
    log_position text   NOT NULL,
    gaps         bigint NOT NULL,
    last_gap     text   NOT NULL,
    looked_at    timestamptz NOT NULL
) WITH (fillfactor = 40);
-- By source table: compared from since_text, after the last gap, up to verified; the change log is read on at offsets, by partition.
CREATE TABLE handover.tap_table (
    source        text     NOT NULL,
    table_name    text     NOT NULL,
    key_columns   text[]   NOT NULL,
    verified      bytea    NOT NULL,
    verified_text text     NOT NULL,
    verified_at   timestamptz NOT NULL,
    offsets       bigint[] NOT NULL,
    comparing     boolean  NOT NULL,
    since_text    text     NOT NULL,
    transactions  bigint   NOT NULL,
    events        bigint   NOT NULL,
    by_key        bigint   NOT NULL,
    disagreements bigint   NOT NULL,
    gaps          bigint   NOT NULL,
    PRIMARY KEY (source, table_name)
) WITH (fillfactor = 40);
-- Transactions of which log and change log do not say the same, at most 1,000 a table. One that was looked into is settled by
-- whoever did, with a reason.
CREATE TABLE handover.tap_disagreement (
    source          text   NOT NULL,
    table_name      text   NOT NULL,
    position        bytea  NOT NULL,
    position_text   text   NOT NULL,
    transaction     bigint NOT NULL,
    kind            text   NOT NULL, -- capture-missing, capture-extra, different
    log_events      bigint NOT NULL,
    captured_events bigint NOT NULL,
    committed_at    timestamptz,
    found_at        timestamptz NOT NULL,
    settled_at      timestamptz,
    settled_why     text   NOT NULL DEFAULT '',
    PRIMARY KEY (source, table_name, position, transaction)
);

-- For people who ask in SQL. They show what reports show, are of several relations and so cannot be written, and need no
-- right to the tables below them.

-- Every comparison of every table: one row for each source table of a target table.
CREATE VIEW handover.v_run_table AS
SELECT r.run,
       r.started_at,
       r.finished_at,
       t.report ->> 'targetTable'                               AS table_name,
       t.report ->> 'sourceTable'                               AS source_table,
       lower(t.report ->> 'verdict')                            AS verdict,
       (t.report ->> 'sourceRows')::bigint                      AS source_rows,
       (t.report ->> 'targetRows')::bigint                      AS target_rows,
       (t.report ->> 'matches')::bigint                         AS equal_rows,
       coalesce((t.report #>> '{kinds,missing}')::bigint, 0)    AS missing,
       coalesce((t.report #>> '{kinds,extraneous}')::bigint, 0) AS extraneous,
       coalesce((t.report #>> '{kinds,stale}')::bigint, 0)      AS stale,
       coalesce((t.report #>> '{kinds,different}')::bigint, 0)  AS different,
       (t.report ->> 'inFlight')::bigint                        AS in_flight,
       (t.report ->> 'deadLettersOpen')::bigint                 AS dead_letters,
       t.report ->> 'settled'                                   AS source_settled,
       t.report ->> 'high'                                      AS source_high,
       t.report ->> 'applied'                                   AS target_applied
FROM handover.recon_run r
         CROSS JOIN LATERAL jsonb_array_elements(r.summary -> 'tables') AS t (report);

-- Every comparison. Scope is "pipeline", or the tables that were asked for; not verified are the tables of which nothing was
-- proved either way, and those of the source that nobody named.
CREATE VIEW handover.v_run AS
SELECT r.run,
       r.started_at,
       r.finished_at,
       extract(epoch FROM r.finished_at - r.started_at)::numeric(12, 3) AS seconds,
       coalesce((SELECT string_agg(a.name, ',' ORDER BY a.name)
                 FROM jsonb_array_elements_text(r.summary -> 'asked') AS a (name)), 'pipeline') AS scope,
       r.verdict,
       t.tables,
       t.rows_compared,
       t.missing,
       t.extraneous,
       t.stale,
       t.different,
       t.in_flight,
       t.undetermined + (SELECT count(*)
                         FROM jsonb_array_elements(r.summary -> 'findings') AS f (finding)
                         WHERE f.finding ->> 'code' = 'table-not-compared') AS tables_not_verified
FROM handover.recon_run r
         CROSS JOIN LATERAL (SELECT count(*)                                            AS tables,
                                    coalesce(sum(v.source_rows), 0)::bigint             AS rows_compared,
                                    coalesce(sum(v.missing), 0)::bigint                 AS missing,
                                    coalesce(sum(v.extraneous), 0)::bigint              AS extraneous,
                                    coalesce(sum(v.stale), 0)::bigint                   AS stale,
                                    coalesce(sum(v.different), 0)::bigint               AS different,
                                    coalesce(sum(v.in_flight), 0)::bigint               AS in_flight,
                                    count(*) FILTER (WHERE v.verdict = 'undetermined')  AS undetermined
                             FROM handover.v_run_table v
                             WHERE v.run = r.run) AS t;

-- The newest comparison of every table, and when the table was last seen converged.
CREATE VIEW handover.v_table_verdict AS
SELECT DISTINCT ON (v.table_name, v.source_table)
       v.table_name,
       v.source_table,
       v.verdict,
       v.run,
       v.started_at AS compared_at,
       (SELECT max(c.started_at)
        FROM handover.v_run_table c
        WHERE c.table_name = v.table_name AND c.source_table = v.source_table AND c.verdict = 'converged') AS converged_at,
       v.source_rows,
       v.target_rows,
       v.missing + v.extraneous + v.stale + v.different AS divergences,
       v.in_flight,
       v.dead_letters
FROM handover.v_run_table v
ORDER BY v.table_name, v.source_table, v.run DESC;

-- The differences that the newest comparison of a table proved, by reference: those of them that are listed one by one.
CREATE VIEW handover.v_open_divergence AS
SELECT d.table_name,
       d.kind,
       d.stage,
       d.key_reference,
       d.columns,
       d.source_position,
       d.target_position,
       d.run,
       r.started_at AS compared_at
FROM handover.recon_difference d
         JOIN handover.recon_run r USING (run)
WHERE d.run = (SELECT max(v.run) FROM handover.v_run_table v WHERE v.table_name = d.table_name);
