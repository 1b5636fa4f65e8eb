package dev.handover.deploy.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Describes one key of the pipeline file, on the record component that holds it. A component that is not
 * {@code Optional}, has no default and is not a list, map or section that may be left out must be given.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Key {
    /** What the key means, in one sentence without a full stop; shown in editors and in the reference table. */
    String value();

    /** The value when the key is absent, as it would be written in the file; empty for none. */
    String byDefault() default "";

    /** The key in the file, where it cannot be the component's own name; empty where it is. */
    String name() default "";

    /** What a text must match as a whole; empty for anything. */
    String pattern() default "";

    /** The smallest number allowed. */
    long min() default 0;

    /** The largest number allowed. */
    long max() default Integer.MAX_VALUE;

    /** The fewest elements of a list. */
    int atLeast() default 0;

    /** Whether numbers, booleans and dates are taken as the text they are written with. */
    boolean asWritten() default false;

    /** Whether a text may be a reference to an environment variable. */
    boolean variable() default false;
}
