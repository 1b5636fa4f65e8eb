SELECT person_attribute_type_id AS type, concat('"', replace(name, '"', '""'), '"') AS name
FROM person_attribute_type
