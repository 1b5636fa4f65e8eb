-- The demo's legacy hospital as PostgreSQL knows it. Statements end with a semicolon at the end of a line.
CREATE TYPE yes_no AS ENUM ('0', '1');
CREATE TYPE name_use AS ENUM ('official', 'maiden', 'nickname');

CREATE TABLE facility (
  facility_id integer PRIMARY KEY,
  code char(6) NOT NULL UNIQUE,
  name varchar(80) NOT NULL,
  timezone varchar(40) NOT NULL DEFAULT 'America/New_York',
  opened smallint,
  active boolean NOT NULL DEFAULT true
);

CREATE TABLE organization (
  organization_id uuid PRIMARY KEY,
  facility_id integer NOT NULL REFERENCES facility,
  parent_id uuid REFERENCES organization,
  name varchar(120) NOT NULL,
  phone varchar(60),
  zip char(10),
  location point,
  revenue double precision
);

CREATE TABLE provider (
  provider_id integer PRIMARY KEY,
  organization_id uuid NOT NULL REFERENCES organization,
  facility_id integer NOT NULL REFERENCES facility,
  name varchar(80) NOT NULL,
  sex_cd char(1) NOT NULL,
  speciality varchar(60),
  "read" boolean NOT NULL DEFAULT false,
  profile json
);

CREATE TABLE payer (
  payer_cd varchar(12) PRIMARY KEY,
  name varchar(60) NOT NULL,
  government yes_no NOT NULL DEFAULT '0',
  covered double precision,
  uncovered double precision,
  "range" int4range,
  contact text
);

CREATE TABLE exam_code (
  code varchar(24) NOT NULL,
  version varchar(4) NOT NULL,
  description varchar(200) NOT NULL,
  price double precision,
  PRIMARY KEY (code, version)
);

-- death_dt 'infinity' means alive; the mrn can be swapped in one statement, so its constraint is deferrable
CREATE TABLE patient (
  patient_id integer PRIMARY KEY,
  facility_id integer NOT NULL REFERENCES facility,
  mrn varchar(20) NOT NULL UNIQUE DEFERRABLE INITIALLY IMMEDIATE,
  last_nm varchar(80) NOT NULL,
  first_nm varchar(80) NOT NULL,
  middle_nm varchar(40) DEFAULT ' ',
  dob char(8) NOT NULL,
  sex_cd char(1) NOT NULL,
  race varchar(40),
  death_dt date NOT NULL DEFAULT 'infinity',
  ssn varchar(12),
  phone varchar(40),
  address text,
  status char(1) NOT NULL DEFAULT 'A',
  merged_into integer REFERENCES patient DEFERRABLE INITIALLY IMMEDIATE,
  income double precision,
  extra jsonb,
  tags text[],
  reviewed_ts timestamp(0),
  upd_ts timestamp(6) NOT NULL
);
CREATE INDEX patient_name_ix ON patient (last_nm, first_nm);
CREATE INDEX patient_facility_ix ON patient (facility_id, status);

CREATE TABLE patient_identifier (
  facility_id integer NOT NULL,
  patient_id integer NOT NULL REFERENCES patient DEFERRABLE INITIALLY IMMEDIATE,
  id_type varchar(40) NOT NULL,
  id_value varchar(40) NOT NULL,
  issued date,
  PRIMARY KEY (facility_id, patient_id, id_type),
  UNIQUE (id_type, id_value)
);

CREATE TABLE patient_name (
  patient_id integer NOT NULL REFERENCES patient DEFERRABLE INITIALLY IMMEDIATE,
  name_no integer NOT NULL,
  use_cd name_use NOT NULL DEFAULT 'official',
  family varchar(80) NOT NULL,
  given varchar(120) NOT NULL,
  valid_from date,
  note text,
  PRIMARY KEY (patient_id, name_no)
);

-- date_from '-infinity' means "since ever", date_to 2051-01-05 and ends_at 'infinity' mean "never"
CREATE TABLE insurance (
  insurance_id uuid PRIMARY KEY,
  patient_id integer NOT NULL REFERENCES patient DEFERRABLE INITIALLY IMMEDIATE,
  plan_type varchar(10) NOT NULL,
  date_from date NOT NULL DEFAULT '-infinity',
  date_to date NOT NULL DEFAULT '2051-01-05',
  payer_cd varchar(12) REFERENCES payer,
  premium numeric(10,2),
  coverage daterange,
  ends_at timestamptz,
  UNIQUE (patient_id, plan_type, date_from)
);

CREATE TABLE encounter (
  encounter_id bigint PRIMARY KEY,
  facility_id integer NOT NULL REFERENCES facility,
  patient_id integer NOT NULL REFERENCES patient DEFERRABLE INITIALLY IMMEDIATE,
  provider_id integer REFERENCES provider,
  organization_id uuid REFERENCES organization,
  class_cd char(3) NOT NULL,
  start_ts timestamp(0) NOT NULL,
  stop_ts timestamptz,
  type_cd bigint,
  reason_cd bigint,
  cost double precision NOT NULL DEFAULT 0,
  covered numeric(12,4),
  duration interval,
  source_uuid uuid,
  note text
);
CREATE INDEX encounter_patient_ix ON encounter (patient_id, start_ts);
CREATE INDEX encounter_facility_ix ON encounter (facility_id, class_cd);

CREATE TABLE bed_move (
  encounter_id bigint NOT NULL REFERENCES encounter,
  move_no integer NOT NULL,
  ward varchar(10) NOT NULL,
  bed char(4) NOT NULL DEFAULT ' ',
  moved_on date NOT NULL,
  in_time time(3) NOT NULL,
  out_time time,
  "interval" varchar(20),
  PRIMARY KEY (encounter_id, move_no, ward)
);

CREATE TABLE diagnosis (
  diagnosis_id integer PRIMARY KEY,
  encounter_id bigint NOT NULL REFERENCES encounter,
  facility_id integer NOT NULL REFERENCES facility,
  snomed bigint NOT NULL,
  code varchar(24),
  code_version varchar(4),
  description varchar(200) NOT NULL,
  onset_dt date NOT NULL,
  resolved_dt date NOT NULL DEFAULT 'infinity',
  confirmed boolean,
  FOREIGN KEY (code, code_version) REFERENCES exam_code
);
CREATE INDEX diagnosis_snomed_ix ON diagnosis (snomed);

CREATE TABLE lab_result (
  result_id bigint NOT NULL,
  loinc varchar(12) NOT NULL,
  facility_id integer NOT NULL REFERENCES facility,
  patient_id integer NOT NULL REFERENCES patient DEFERRABLE INITIALLY IMMEDIATE,
  encounter_id bigint REFERENCES encounter,
  specimen varchar(40),
  value_txt varchar(140),
  value_num numeric,
  units varchar(24) NOT NULL DEFAULT '',
  flag char(2),
  abnormal bit(1) NOT NULL DEFAULT B'0',
  accession numeric(20,0),
  drawn_at timestamp(0) NOT NULL,
  resulted_at timestamptz,
  note text,
  answer text,
  PRIMARY KEY (result_id, loinc)
);
CREATE INDEX lab_result_patient_ix ON lab_result (patient_id, drawn_at);

CREATE TABLE vitals (
  reading_no bigint NOT NULL,
  loinc varchar(12) NOT NULL,
  patient_id integer NOT NULL REFERENCES patient DEFERRABLE INITIALLY IMMEDIATE,
  value_num numeric(9,2) NOT NULL DEFAULT 0.00,
  value_f real,
  units varchar(24),
  taken_at timestamp(3) NOT NULL,
  "read" boolean NOT NULL DEFAULT false,
  PRIMARY KEY (reading_no, loinc)
);
CREATE INDEX vitals_patient_ix ON vitals (patient_id, taken_at);

CREATE TABLE prescription (
  rx_id integer PRIMARY KEY,
  facility_id integer NOT NULL REFERENCES facility,
  patient_id integer NOT NULL REFERENCES patient DEFERRABLE INITIALLY IMMEDIATE,
  encounter_id bigint NOT NULL REFERENCES encounter,
  ndc varchar(11) NOT NULL DEFAULT '0',
  gsn varchar(60),
  drug text NOT NULL,
  dose varchar(20),
  dose_units varchar(16),
  route varchar(24),
  start_dt varchar(8) NOT NULL,
  stop_dt varchar(8),
  payer_cd varchar(12) REFERENCES payer,
  base_cost double precision,
  total_cost numeric(12,2),
  dispenses integer,
  sig text
);

CREATE TABLE "order" (
  order_no varchar(20) PRIMARY KEY,
  facility_id integer NOT NULL REFERENCES facility,
  encounter_id bigint NOT NULL REFERENCES encounter,
  "group" varchar(20) NOT NULL,
  "desc" text,
  "range" numrange,
  "interval" interval,
  "read" boolean NOT NULL DEFAULT false,
  history yes_no NOT NULL DEFAULT '0',
  priority text[],
  placed_ts timestamp(6) NOT NULL
);

CREATE TABLE "CarePlan" (
  "PlanId" uuid PRIMARY KEY,
  "PatientId" integer NOT NULL REFERENCES patient DEFERRABLE INITIALLY IMMEDIATE,
  "EncounterId" bigint NOT NULL REFERENCES encounter,
  "StartDate" date NOT NULL,
  "StopDate" date,
  "Code" bigint NOT NULL,
  "Activities" jsonb,
  "ReasonText" varchar(200) DEFAULT ''
);

CREATE TABLE allergy (
  allergy_id serial PRIMARY KEY,
  facility_id integer NOT NULL REFERENCES facility,
  patient_id integer NOT NULL REFERENCES patient DEFERRABLE INITIALLY IMMEDIATE,
  code bigint NOT NULL,
  substance varchar(120) NOT NULL,
  category varchar(16) NOT NULL,
  severity char(8),
  reaction jsonb,
  noted_dt date NOT NULL,
  UNIQUE (patient_id, code)
);

CREATE TABLE immunization (
  patient_id integer NOT NULL REFERENCES patient DEFERRABLE INITIALLY IMMEDIATE,
  dose_no integer NOT NULL,
  cvx varchar(4) NOT NULL,
  facility_id integer NOT NULL REFERENCES facility,
  given_at timestamptz NOT NULL,
  lot varchar(20),
  lot_year smallint,
  cost double precision,
  PRIMARY KEY (patient_id, dose_no, cvx)
);

CREATE TABLE "procedure" (
  procedure_id integer PRIMARY KEY,
  encounter_id bigint NOT NULL REFERENCES encounter,
  facility_id integer NOT NULL REFERENCES facility,
  snomed bigint NOT NULL,
  description varchar(200) NOT NULL,
  start_ts timestamp NOT NULL,
  stop_ts timestamp,
  minutes smallint,
  base_cost double precision,
  reason_cd bigint,
  report text
);

-- body is large and does not compress: it is TOASTed, and REPLICA IDENTITY stays DEFAULT
CREATE TABLE document (
  document_id bigint PRIMARY KEY,
  facility_id integer NOT NULL REFERENCES facility,
  patient_id integer NOT NULL REFERENCES patient DEFERRABLE INITIALLY IMMEDIATE,
  title varchar(120) NOT NULL,
  mime varchar(40) NOT NULL DEFAULT 'text/plain',
  body text,
  image bytea,
  flags bit(8) NOT NULL,
  checksum bytea NOT NULL,
  note varchar(500),
  revision integer NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE device (
  device_id numeric(20,0) PRIMARY KEY,
  patient_id integer NOT NULL REFERENCES patient DEFERRABLE INITIALLY IMMEDIATE,
  udi varchar(160) NOT NULL,
  snomed bigint NOT NULL,
  label varchar(120),
  implanted timestamptz NOT NULL,
  removed timestamptz,
  battery real,
  address inet
);

CREATE TABLE billing (
  facility_id integer NOT NULL REFERENCES facility,
  bill_id integer NOT NULL,
  patient_id integer NOT NULL REFERENCES patient DEFERRABLE INITIALLY IMMEDIATE,
  encounter_id bigint REFERENCES encounter,
  payer_cd varchar(12) REFERENCES payer,
  amount double precision NOT NULL DEFAULT 0,
  outstanding numeric(12,2) NOT NULL DEFAULT 0.00,
  status varchar(10) NOT NULL,
  dx bigint[],
  service_ts timestamp NOT NULL,
  billed_at timestamptz,
  remark varchar(200),
  PRIMARY KEY (facility_id, bill_id)
);
CREATE INDEX billing_patient_ix ON billing (patient_id);

CREATE TABLE appointment (
  facility_id integer NOT NULL REFERENCES facility,
  slot_no integer NOT NULL,
  patient_id integer REFERENCES patient DEFERRABLE INITIALLY IMMEDIATE,
  provider_id integer REFERENCES provider,
  slot tsrange,
  late_by interval,
  status varchar(12) NOT NULL DEFAULT 'booked',
  reminder jsonb,
  PRIMARY KEY (facility_id, slot_no)
);

CREATE TABLE transfer_queue (
  transfer_id bigint PRIMARY KEY,
  facility_id integer NOT NULL REFERENCES facility,
  patient_id integer NOT NULL REFERENCES patient DEFERRABLE INITIALLY IMMEDIATE,
  payload jsonb,
  queued_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP
);

-- the widest form of the house: 120 columns, default 0.00 cannot be told from "not taken"
CREATE TABLE intake_form (
  form_id integer PRIMARY KEY,
  facility_id integer NOT NULL REFERENCES facility,
  patient_id integer NOT NULL REFERENCES patient DEFERRABLE INITIALLY IMMEDIATE,
  encounter_id bigint NOT NULL REFERENCES encounter,
  filled_on date NOT NULL,
  signed varchar(40) DEFAULT ' ',
  q001 varchar(40), q002 smallint DEFAULT 0, q003 numeric(5,2) DEFAULT 0.00, q004 char(3) DEFAULT ' ', q005 date, q006 real,
  q007 varchar(40), q008 smallint DEFAULT 0, q009 numeric(5,2) DEFAULT 0.00, q010 char(3) DEFAULT ' ', q011 date, q012 real,
  q013 varchar(40), q014 smallint DEFAULT 0, q015 numeric(5,2) DEFAULT 0.00, q016 char(3) DEFAULT ' ', q017 date, q018 real,
  q019 varchar(40), q020 smallint DEFAULT 0, q021 numeric(5,2) DEFAULT 0.00, q022 char(3) DEFAULT ' ', q023 date, q024 real,
  q025 varchar(40), q026 smallint DEFAULT 0, q027 numeric(5,2) DEFAULT 0.00, q028 char(3) DEFAULT ' ', q029 date, q030 real,
  q031 varchar(40), q032 smallint DEFAULT 0, q033 numeric(5,2) DEFAULT 0.00, q034 char(3) DEFAULT ' ', q035 date, q036 real,
  q037 varchar(40), q038 smallint DEFAULT 0, q039 numeric(5,2) DEFAULT 0.00, q040 char(3) DEFAULT ' ', q041 date, q042 real,
  q043 varchar(40), q044 smallint DEFAULT 0, q045 numeric(5,2) DEFAULT 0.00, q046 char(3) DEFAULT ' ', q047 date, q048 real,
  q049 varchar(40), q050 smallint DEFAULT 0, q051 numeric(5,2) DEFAULT 0.00, q052 char(3) DEFAULT ' ', q053 date, q054 real,
  q055 varchar(40), q056 smallint DEFAULT 0, q057 numeric(5,2) DEFAULT 0.00, q058 char(3) DEFAULT ' ', q059 date, q060 real,
  q061 varchar(40), q062 smallint DEFAULT 0, q063 numeric(5,2) DEFAULT 0.00, q064 char(3) DEFAULT ' ', q065 date, q066 real,
  q067 varchar(40), q068 smallint DEFAULT 0, q069 numeric(5,2) DEFAULT 0.00, q070 char(3) DEFAULT ' ', q071 date, q072 real,
  q073 varchar(40), q074 smallint DEFAULT 0, q075 numeric(5,2) DEFAULT 0.00, q076 char(3) DEFAULT ' ', q077 date, q078 real,
  q079 varchar(40), q080 smallint DEFAULT 0, q081 numeric(5,2) DEFAULT 0.00, q082 char(3) DEFAULT ' ', q083 date, q084 real,
  q085 varchar(40), q086 smallint DEFAULT 0, q087 numeric(5,2) DEFAULT 0.00, q088 char(3) DEFAULT ' ', q089 date, q090 real,
  q091 varchar(40), q092 smallint DEFAULT 0, q093 numeric(5,2) DEFAULT 0.00, q094 char(3) DEFAULT ' ', q095 date, q096 real,
  q097 varchar(40), q098 smallint DEFAULT 0, q099 numeric(5,2) DEFAULT 0.00, q100 char(3) DEFAULT ' ', q101 date, q102 real,
  q103 varchar(40), q104 smallint DEFAULT 0, q105 numeric(5,2) DEFAULT 0.00, q106 char(3) DEFAULT ' ', q107 date, q108 real,
  q109 varchar(40), q110 smallint DEFAULT 0, q111 numeric(5,2) DEFAULT 0.00, q112 char(3) DEFAULT ' ', q113 date, q114 real
);
