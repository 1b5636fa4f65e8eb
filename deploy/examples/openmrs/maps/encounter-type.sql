SELECT encounter_type_id AS type, concat('"', replace(name, '"', '""'), '"') AS name
FROM encounter_type
