-- How often a drug is given: the name of the frequency's concept.
SELECT f.order_frequency_id AS frequency, concat('"', replace(min(n.name), '"', '""'), '"') AS name
FROM order_frequency f
JOIN concept_name n ON n.concept_id = f.concept_id AND n.voided = 0 AND n.concept_name_type = 'FULLY_SPECIFIED'
GROUP BY f.order_frequency_id
