-- Concepts to SNOMED CT, by the reference terms that the dictionary holds. Retired terms and kinds of mapping are left
-- out. A concept is narrower than a term that is wider. Concepts without a term are in the map, and say so: what is not
-- in the map at all was made after it.
SELECT c.concept_id, coalesce(t.code, '') AS code, concat('"', replace(coalesce(t.name, ''), '"', '""'), '"') AS name,
  CASE
    WHEN t.code IS NULL THEN 'no-map'
    WHEN y.name = 'same-as' THEN 'equivalent'
    WHEN y.name = 'narrower-than' THEN 'wider'
    WHEN y.name = 'broader-than' THEN 'narrower'
    ELSE 'related'
  END AS relation
FROM concept c
LEFT JOIN (concept_reference_map m
  JOIN concept_map_type y ON y.concept_map_type_id = m.concept_map_type_id AND y.retired = 0
  JOIN concept_reference_term t ON t.concept_reference_term_id = m.concept_reference_term_id AND t.retired = 0
  JOIN concept_reference_source s ON s.concept_source_id = t.concept_source_id AND s.hl7_code = 'SCT'
) ON m.concept_id = c.concept_id
ORDER BY c.concept_id, m.concept_map_id
