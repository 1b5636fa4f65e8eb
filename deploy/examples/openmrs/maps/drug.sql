-- Drugs of the formulary: their identity, and the name with the strength.
SELECT drug_id AS drug, uuid, concat('"', replace(concat_ws(' ', name, strength), '"', '""'), '"') AS name
FROM drug
