-- The demo's legacy hospital as MariaDB knows it, one table in latin1. No cascades: InnoDB does not log them.
-- Statements end with a semicolon at the end of a line.
CREATE TABLE facility (
  facility_id integer PRIMARY KEY,
  code char(6) NOT NULL UNIQUE,
  name varchar(80) NOT NULL,
  timezone varchar(40) NOT NULL DEFAULT 'America/New_York',
  opened year,
  active tinyint(1) NOT NULL DEFAULT 1
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE organization (
  organization_id char(38) PRIMARY KEY,
  facility_id integer NOT NULL REFERENCES facility (facility_id),
  parent_id char(38) REFERENCES organization (organization_id),
  name varchar(120) NOT NULL,
  phone varchar(60),
  zip char(10),
  location varchar(80),
  revenue double
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE provider (
  provider_id integer PRIMARY KEY,
  organization_id char(38) NOT NULL REFERENCES organization (organization_id),
  facility_id integer NOT NULL REFERENCES facility (facility_id),
  name varchar(80) NOT NULL,
  sex_cd char(1) NOT NULL,
  speciality varchar(60),
  `read` tinyint(1) NOT NULL DEFAULT 0,
  profile json
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE payer (
  payer_cd varchar(12) PRIMARY KEY,
  name varchar(60) NOT NULL,
  government enum('0','1') NOT NULL DEFAULT '0',
  covered double,
  uncovered double,
  `range` varchar(80),
  contact text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE exam_code (
  code varchar(24) NOT NULL,
  version varchar(4) NOT NULL,
  description varchar(200) NOT NULL,
  price double,
  PRIMARY KEY (code, version)
) ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_bin;

-- death_dt and reviewed_ts: the zero date means alive, never reviewed
CREATE TABLE patient (
  patient_id integer PRIMARY KEY,
  facility_id integer NOT NULL REFERENCES facility (facility_id),
  mrn varchar(20) NOT NULL UNIQUE,
  last_nm varchar(80) NOT NULL,
  first_nm varchar(80) NOT NULL,
  middle_nm varchar(40) DEFAULT ' ',
  dob char(8) NOT NULL,
  sex_cd char(1) NOT NULL,
  race varchar(40),
  death_dt date NOT NULL DEFAULT '0000-00-00',
  ssn varchar(12),
  phone varchar(40),
  address text,
  status char(1) NOT NULL DEFAULT 'A',
  merged_into integer REFERENCES patient (patient_id),
  income double,
  extra json,
  tags set('vip','interpreter','fall-risk','dnr','stat','fasting'),
  reviewed_ts datetime DEFAULT '0000-00-00 00:00:00',
  upd_ts datetime(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX patient_name_ix ON patient (last_nm, first_nm);
CREATE INDEX patient_facility_ix ON patient (facility_id, status);

CREATE TABLE patient_identifier (
  facility_id integer NOT NULL,
  patient_id integer NOT NULL REFERENCES patient (patient_id),
  id_type varchar(40) NOT NULL,
  id_value varchar(40) NOT NULL,
  issued date,
  PRIMARY KEY (facility_id, patient_id, id_type),
  UNIQUE (id_type, id_value)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE patient_name (
  patient_id integer NOT NULL REFERENCES patient (patient_id),
  name_no integer NOT NULL,
  use_cd enum('official','maiden','nickname') NOT NULL DEFAULT 'official',
  family varchar(80) NOT NULL,
  given varchar(120) NOT NULL,
  valid_from date,
  note text,
  PRIMARY KEY (patient_id, name_no)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- date_from zero means since ever; it is part of a unique key. date_to 2051-01-05 and ends_at 9999-12-31 mean never
CREATE TABLE insurance (
  insurance_id char(38) PRIMARY KEY,
  patient_id integer NOT NULL REFERENCES patient (patient_id),
  plan_type varchar(10) NOT NULL,
  date_from date NOT NULL DEFAULT '0000-00-00',
  date_to date NOT NULL DEFAULT '2051-01-05',
  payer_cd varchar(12) REFERENCES payer (payer_cd),
  premium numeric(10,2),
  coverage varchar(80),
  ends_at datetime(6),
  UNIQUE (patient_id, plan_type, date_from)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE encounter (
  encounter_id bigint PRIMARY KEY,
  facility_id integer NOT NULL REFERENCES facility (facility_id),
  patient_id integer NOT NULL REFERENCES patient (patient_id),
  provider_id integer REFERENCES provider (provider_id),
  organization_id char(38) REFERENCES organization (organization_id),
  class_cd char(3) NOT NULL,
  start_ts datetime(0) NOT NULL,
  stop_ts datetime(6),
  type_cd bigint,
  reason_cd bigint,
  cost double NOT NULL DEFAULT 0,
  covered numeric(12,4),
  duration time,
  source_uuid char(38),
  note text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX encounter_patient_ix ON encounter (patient_id, start_ts);
CREATE INDEX encounter_facility_ix ON encounter (facility_id, class_cd);

CREATE TABLE bed_move (
  encounter_id bigint NOT NULL REFERENCES encounter (encounter_id),
  move_no integer NOT NULL,
  ward varchar(10) NOT NULL,
  bed char(4) NOT NULL DEFAULT ' ',
  moved_on date NOT NULL,
  in_time time(3) NOT NULL,
  out_time time,
  `interval` varchar(20),
  PRIMARY KEY (encounter_id, move_no, ward)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE diagnosis (
  diagnosis_id integer PRIMARY KEY,
  encounter_id bigint NOT NULL REFERENCES encounter (encounter_id),
  facility_id integer NOT NULL REFERENCES facility (facility_id),
  snomed bigint NOT NULL,
  code varchar(24) CHARACTER SET latin1 COLLATE latin1_bin,
  code_version varchar(4) CHARACTER SET latin1 COLLATE latin1_bin,
  description varchar(200) NOT NULL,
  onset_dt date NOT NULL,
  resolved_dt date NOT NULL DEFAULT '0000-00-00',
  confirmed tinyint(1),
  FOREIGN KEY (code, code_version) REFERENCES exam_code (code, version)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX diagnosis_snomed_ix ON diagnosis (snomed);

CREATE TABLE lab_result (
  result_id bigint NOT NULL,
  loinc varchar(12) NOT NULL,
  facility_id integer NOT NULL REFERENCES facility (facility_id),
  patient_id integer NOT NULL REFERENCES patient (patient_id),
  encounter_id bigint REFERENCES encounter (encounter_id),
  specimen varchar(40),
  value_txt varchar(140),
  value_num decimal(20,6),
  units varchar(24) NOT NULL DEFAULT '',
  flag char(2),
  abnormal bit(1) NOT NULL DEFAULT b'0',
  accession bigint unsigned,
  drawn_at datetime(0) NOT NULL,
  resulted_at datetime(6),
  note text,
  answer text,
  PRIMARY KEY (result_id, loinc)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX lab_result_patient_ix ON lab_result (patient_id, drawn_at);

CREATE TABLE vitals (
  reading_no bigint NOT NULL,
  loinc varchar(12) NOT NULL,
  patient_id integer NOT NULL REFERENCES patient (patient_id),
  value_num numeric(9,2) NOT NULL DEFAULT 0.00,
  value_f float,
  units varchar(24),
  taken_at datetime(3) NOT NULL,
  `read` tinyint(1) NOT NULL DEFAULT 0,
  PRIMARY KEY (reading_no, loinc)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX vitals_patient_ix ON vitals (patient_id, taken_at);

CREATE TABLE prescription (
  rx_id integer PRIMARY KEY,
  facility_id integer NOT NULL REFERENCES facility (facility_id),
  patient_id integer NOT NULL REFERENCES patient (patient_id),
  encounter_id bigint NOT NULL REFERENCES encounter (encounter_id),
  ndc varchar(11) NOT NULL DEFAULT '0',
  gsn varchar(60),
  drug text NOT NULL,
  dose varchar(20),
  dose_units varchar(16),
  route varchar(24),
  start_dt varchar(8) NOT NULL,
  stop_dt varchar(8),
  payer_cd varchar(12) REFERENCES payer (payer_cd),
  base_cost double,
  total_cost numeric(12,2),
  dispenses smallint unsigned,
  sig text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `order` (
  order_no varchar(20) PRIMARY KEY,
  facility_id integer NOT NULL REFERENCES facility (facility_id),
  encounter_id bigint NOT NULL REFERENCES encounter (encounter_id),
  `group` varchar(20) NOT NULL,
  `desc` text,
  `range` varchar(80),
  `interval` time,
  `read` tinyint(1) NOT NULL DEFAULT 0,
  history enum('0','1') NOT NULL DEFAULT '0',
  priority set('vip','interpreter','fall-risk','dnr','stat','fasting'),
  placed_ts datetime(6) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `CarePlan` (
  `PlanId` char(38) PRIMARY KEY,
  `PatientId` integer NOT NULL REFERENCES patient (patient_id),
  `EncounterId` bigint NOT NULL REFERENCES encounter (encounter_id),
  `StartDate` date NOT NULL,
  `StopDate` date,
  `Code` bigint NOT NULL,
  `Activities` json,
  `ReasonText` varchar(200) DEFAULT ''
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE allergy (
  allergy_id integer AUTO_INCREMENT PRIMARY KEY,
  facility_id integer NOT NULL REFERENCES facility (facility_id),
  patient_id integer NOT NULL REFERENCES patient (patient_id),
  code bigint NOT NULL,
  substance varchar(120) NOT NULL,
  category varchar(16) NOT NULL,
  severity char(8),
  reaction json,
  noted_dt date NOT NULL,
  UNIQUE (patient_id, code)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE immunization (
  patient_id integer NOT NULL REFERENCES patient (patient_id),
  dose_no integer NOT NULL,
  cvx varchar(4) NOT NULL,
  facility_id integer NOT NULL REFERENCES facility (facility_id),
  given_at datetime(6) NOT NULL,
  lot varchar(20),
  lot_year year,
  cost double,
  PRIMARY KEY (patient_id, dose_no, cvx)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE `procedure` (
  procedure_id integer PRIMARY KEY,
  encounter_id bigint NOT NULL REFERENCES encounter (encounter_id),
  facility_id integer NOT NULL REFERENCES facility (facility_id),
  snomed bigint NOT NULL,
  description varchar(200) NOT NULL,
  start_ts datetime NOT NULL,
  stop_ts datetime,
  minutes mediumint,
  base_cost double,
  reason_cd bigint,
  report text
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- body is large and does not compress
CREATE TABLE document (
  document_id bigint PRIMARY KEY,
  facility_id integer NOT NULL REFERENCES facility (facility_id),
  patient_id integer NOT NULL REFERENCES patient (patient_id),
  title varchar(120) NOT NULL,
  mime varchar(40) NOT NULL DEFAULT 'text/plain',
  body longtext,
  image mediumblob,
  flags bit(8) NOT NULL,
  checksum binary(16) NOT NULL,
  note varchar(500),
  revision integer NOT NULL DEFAULT 1,
  created_at timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE device (
  device_id bigint unsigned PRIMARY KEY,
  patient_id integer NOT NULL REFERENCES patient (patient_id),
  udi varchar(160) NOT NULL,
  snomed bigint NOT NULL,
  label varchar(120),
  implanted datetime(6) NOT NULL,
  removed datetime(6),
  battery float,
  address varchar(80)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE billing (
  facility_id integer NOT NULL REFERENCES facility (facility_id),
  bill_id integer NOT NULL,
  patient_id integer NOT NULL REFERENCES patient (patient_id),
  encounter_id bigint REFERENCES encounter (encounter_id),
  payer_cd varchar(12) REFERENCES payer (payer_cd),
  amount double NOT NULL DEFAULT 0,
  outstanding numeric(12,2) NOT NULL DEFAULT 0.00,
  status varchar(10) NOT NULL,
  dx varchar(200),
  service_ts datetime NOT NULL,
  billed_at datetime(6),
  remark varchar(200),
  PRIMARY KEY (facility_id, bill_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX billing_patient_ix ON billing (patient_id);

CREATE TABLE appointment (
  facility_id integer NOT NULL REFERENCES facility (facility_id),
  slot_no integer NOT NULL,
  patient_id integer REFERENCES patient (patient_id),
  provider_id integer REFERENCES provider (provider_id),
  slot varchar(80),
  late_by time,
  status varchar(12) NOT NULL DEFAULT 'booked',
  reminder json,
  PRIMARY KEY (facility_id, slot_no)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE transfer_queue (
  transfer_id bigint PRIMARY KEY,
  facility_id integer NOT NULL REFERENCES facility (facility_id),
  patient_id integer NOT NULL REFERENCES patient (patient_id),
  payload json,
  queued_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- the widest form of the house: 120 columns, default 0.00 cannot be told from "not taken"
CREATE TABLE intake_form (
  form_id integer PRIMARY KEY,
  facility_id integer NOT NULL REFERENCES facility (facility_id),
  patient_id integer NOT NULL REFERENCES patient (patient_id),
  encounter_id bigint NOT NULL REFERENCES encounter (encounter_id),
  filled_on date NOT NULL,
  signed varchar(40) DEFAULT ' ',
  q001 varchar(40), q002 tinyint unsigned DEFAULT 0, q003 float(5,2) DEFAULT 0.00, q004 char(3) DEFAULT ' ', q005 date, q006 float,
  q007 varchar(40), q008 tinyint unsigned DEFAULT 0, q009 float(5,2) DEFAULT 0.00, q010 char(3) DEFAULT ' ', q011 date, q012 float,
  q013 varchar(40), q014 tinyint unsigned DEFAULT 0, q015 float(5,2) DEFAULT 0.00, q016 char(3) DEFAULT ' ', q017 date, q018 float,
  q019 varchar(40), q020 tinyint unsigned DEFAULT 0, q021 float(5,2) DEFAULT 0.00, q022 char(3) DEFAULT ' ', q023 date, q024 float,
  q025 varchar(40), q026 tinyint unsigned DEFAULT 0, q027 float(5,2) DEFAULT 0.00, q028 char(3) DEFAULT ' ', q029 date, q030 float,
  q031 varchar(40), q032 tinyint unsigned DEFAULT 0, q033 float(5,2) DEFAULT 0.00, q034 char(3) DEFAULT ' ', q035 date, q036 float,
  q037 varchar(40), q038 tinyint unsigned DEFAULT 0, q039 float(5,2) DEFAULT 0.00, q040 char(3) DEFAULT ' ', q041 date, q042 float,
  q043 varchar(40), q044 tinyint unsigned DEFAULT 0, q045 float(5,2) DEFAULT 0.00, q046 char(3) DEFAULT ' ', q047 date, q048 float,
  q049 varchar(40), q050 tinyint unsigned DEFAULT 0, q051 float(5,2) DEFAULT 0.00, q052 char(3) DEFAULT ' ', q053 date, q054 float,
  q055 varchar(40), q056 tinyint unsigned DEFAULT 0, q057 float(5,2) DEFAULT 0.00, q058 char(3) DEFAULT ' ', q059 date, q060 float,
  q061 varchar(40), q062 tinyint unsigned DEFAULT 0, q063 float(5,2) DEFAULT 0.00, q064 char(3) DEFAULT ' ', q065 date, q066 float,
  q067 varchar(40), q068 tinyint unsigned DEFAULT 0, q069 float(5,2) DEFAULT 0.00, q070 char(3) DEFAULT ' ', q071 date, q072 float,
  q073 varchar(40), q074 tinyint unsigned DEFAULT 0, q075 float(5,2) DEFAULT 0.00, q076 char(3) DEFAULT ' ', q077 date, q078 float,
  q079 varchar(40), q080 tinyint unsigned DEFAULT 0, q081 float(5,2) DEFAULT 0.00, q082 char(3) DEFAULT ' ', q083 date, q084 float,
  q085 varchar(40), q086 tinyint unsigned DEFAULT 0, q087 float(5,2) DEFAULT 0.00, q088 char(3) DEFAULT ' ', q089 date, q090 float,
  q091 varchar(40), q092 tinyint unsigned DEFAULT 0, q093 float(5,2) DEFAULT 0.00, q094 char(3) DEFAULT ' ', q095 date, q096 float,
  q097 varchar(40), q098 tinyint unsigned DEFAULT 0, q099 float(5,2) DEFAULT 0.00, q100 char(3) DEFAULT ' ', q101 date, q102 float,
  q103 varchar(40), q104 tinyint unsigned DEFAULT 0, q105 float(5,2) DEFAULT 0.00, q106 char(3) DEFAULT ' ', q107 date, q108 float,
  q109 varchar(40), q110 tinyint unsigned DEFAULT 0, q111 float(5,2) DEFAULT 0.00, q112 char(3) DEFAULT ' ', q113 date, q114 float
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
