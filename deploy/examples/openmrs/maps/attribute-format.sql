-- The class of Java that the values of an attribute are read as.
SELECT person_attribute_type_id AS type, format
FROM person_attribute_type
WHERE format IS NOT NULL
