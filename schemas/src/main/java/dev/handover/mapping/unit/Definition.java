package dev.handover.mapping.unit;

import java.util.Optional;

/**
 * One unit atom as UCUM's file defines it.
 *
 * @param metric whether it takes prefixes
 * @param arbitrary whether it is "procedure defined" and comparable with itself only
 * @param property the quantity that it measures, in words
 * @param value how many of {@code unit} it is; "1" for a base unit
 * @param unit the UCUM expression that it is defined by; empty for a base unit
 * @param function the name of the function between the scale and {@code unit}, where it is a special unit
 */
record Definition(
        String code,
        boolean metric,
        boolean arbitrary,
        String property,
        Rational value,
        Optional<String> unit,
        Optional<String> function) {}
