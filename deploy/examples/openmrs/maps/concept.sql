-- The identity of a concept that other OpenMRS servers and dictionaries know, and the name to show.
-- Names are put in quotes: they may hold anything.
SELECT c.concept_id, c.uuid, concat('"', replace(coalesce(n.name, ''), '"', '""'), '"') AS name
FROM concept c
LEFT JOIN (
  SELECT concept_id, name, row_number() OVER (
    PARTITION BY concept_id
    ORDER BY locale_preferred DESC, concept_name_type = 'FULLY_SPECIFIED' DESC, concept_name_id) AS place
  FROM concept_name
  WHERE voided = 0 AND locale LIKE 'en%') n ON n.concept_id = c.concept_id AND n.place = 1
