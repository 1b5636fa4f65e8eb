package dev.handover.capture.catalog;

/**
 * One row of PostgreSQL's catalog of types.
 *
 * @param schema the schema it lives in
 * @param form {@code b}ase, {@code c}omposite, {@code d}omain, {@code e}num, {@code p}seudo, {@code r}ange,
 *     {@code m}ulti-range
 * @param array whether it is the array type of {@code element}
 * @param element of an array; 0 for others
 * @param base what a domain restricts; 0 for others
 * @param baseModifier the modifier of {@code base}; -1 where it has none
 * @param baseText the base with its modifier, as PostgreSQL writes it; empty for others than domains
 * @param extension whether an extension brought it
 */
record PostgresType(
        long oid,
        String schema,
        String name,
        char form,
        boolean array,
        long element,
        long base,
        int baseModifier,
        String baseText,
        boolean extension) {
    boolean builtIn() {
        return schema.equals("pg_catalog");
    }
}
