-- Every string of units, and how many observations and orders need it: the list to decide by, before unit.sql.
SELECT concat('[', coalesce(string, 'NULL'), ']') AS string, sum(needed) AS needed
FROM (
  SELECT n.units AS string, count(*) AS needed
  FROM obs o
  JOIN concept_numeric n ON n.concept_id = o.concept_id
  WHERE o.value_numeric IS NOT NULL
  GROUP BY binary n.units
  UNION ALL
  SELECT n.name, count(*)
  FROM drug_order d
  JOIN concept_name n ON n.concept_id IN (d.dose_units, d.quantity_units, d.duration_units)
    AND n.voided = 0 AND n.concept_name_type = 'FULLY_SPECIFIED'
  GROUP BY binary n.name) used
GROUP BY binary string
ORDER BY needed DESC
