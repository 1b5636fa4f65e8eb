-- The unit of a concept, in UCUM: of a numeric concept its own, of a concept that is a unit (as orders name them) its
-- name. What a string means is decided in the list below, by someone who can ask; '-' is no unit, '?' is not decided.
-- Strings are compared by bytes: Mg is no mg. A string that is not in the list has no row, and its values are counted
-- as unknown-unit; unit-strings.sql lists them all.
WITH decided AS (
  SELECT '' AS string, '-' AS ucum
  UNION ALL SELECT 'kg', 'kg'
  UNION ALL SELECT 'mg', 'mg'
  UNION ALL SELECT 'cm', 'cm'
  UNION ALL SELECT 'day', 'd'
  UNION ALL SELECT 'tab (s)', '{tbl}'
  -- of a CD4 count: cells a microlitre in the books of one laboratory, and no unit as it stands
  UNION ALL SELECT 'cells/mmL', '?'
), named AS (
  SELECT concept_id, units AS string FROM concept_numeric WHERE units IS NOT NULL
  UNION
  SELECT c.concept_id, n.name
  FROM concept c
  JOIN concept_class k ON k.concept_class_id = c.class_id AND k.name = 'Units of Measure'
  JOIN concept_name n ON n.concept_id = c.concept_id AND n.voided = 0 AND n.concept_name_type = 'FULLY_SPECIFIED'
)
SELECT DISTINCT named.concept_id, decided.ucum
FROM named
JOIN decided ON binary decided.string = named.string
