SELECT visit_type_id AS type, concat('"', replace(name, '"', '""'), '"') AS name
FROM visit_type
