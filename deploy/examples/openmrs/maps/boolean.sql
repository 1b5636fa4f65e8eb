-- The concepts that stand for true and false are a setting of each server.
SELECT property_value AS concept_id, substring(property, 9) AS value
FROM global_property
WHERE property IN ('concept.true', 'concept.false')
