-- What an identifier is unique in. A type that the world knows has its address; any other is known by its UUID.
SELECT t.patient_identifier_type_id AS type,
  CASE t.name
    WHEN 'Social Security Number' THEN 'http://hl7.org/fhir/sid/us-ssn'
    ELSE concat('urn:uuid:', t.uuid)
  END AS system,
  concat('"', replace(t.name, '"', '""'), '"') AS name
FROM patient_identifier_type t
