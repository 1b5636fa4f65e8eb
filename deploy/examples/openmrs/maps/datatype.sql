-- What kind of value the observations of a concept hold: HL7 abbreviations, as OpenMRS keeps them.
-- NM numeric, CWE coded, BIT boolean, ST text, DT TM TS date, time and both, ED RP complex, ZZ none; SN is not used.
SELECT c.concept_id, d.hl7_abbreviation AS datatype
FROM concept c
JOIN concept_datatype d ON d.concept_datatype_id = c.datatype_id
