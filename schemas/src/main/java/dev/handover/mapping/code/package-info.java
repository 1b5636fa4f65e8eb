/**
 * Translation of codes through maps: what a code of one system becomes in another, or why it becomes nothing. Maps come
 * from CSV files, from CMS's General Equivalence Mappings and from FHIR ConceptMaps (R4 and R5). Read
 * {@link Translation} first, then {@link CodeMap}. Codes are text in every place: a SNOMED CT code above 2^53 or one
 * with leading zeros stays what it is.
 */
@NullMarked
package dev.handover.mapping.code;

import org.jspecify.annotations.NullMarked;
