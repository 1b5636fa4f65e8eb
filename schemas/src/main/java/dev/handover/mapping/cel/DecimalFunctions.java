package dev.handover.mapping.cel;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.CelType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.IntPredicate;

/**
 * What decimals can do in CEL: {@code < <= > >=} and {@code + - *} with decimals and ints, {@code decimal(string)},
 * {@code decimal(int)} and {@code string(decimal)}; CEL's own {@code ==} and {@code !=} work as well. All of it is
 * exact. There is no division, and nothing turns a decimal into a double: what would lose digits does not type-check.
 */
final class DecimalFunctions {
    static final List<CelFunctionDecl> DECLARATIONS;
    static final List<CelFunctionBinding> BINDINGS;

    static {
        Functions functions = new Functions();
        functions.comparison("_<_", "less", sign -> sign < 0);
        functions.comparison("_<=_", "less_equals", sign -> sign <= 0);
        functions.comparison("_>_", "greater", sign -> sign > 0);
        functions.comparison("_>=_", "greater_equals", sign -> sign >= 0);
        functions.arithmetic("_+_", "add", BigDecimal::add);
        functions.arithmetic("_-_", "subtract", BigDecimal::subtract);
        functions.arithmetic("_*_", "multiply", BigDecimal::multiply);
        functions.conversions();
        DECLARATIONS = List.copyOf(functions.declarations);
        BINDINGS = List.copyOf(functions.bindings);
    }

    private DecimalFunctions() {}

    private static final class Functions {
        private final List<CelFunctionDecl> declarations = new ArrayList<>();
        private final List<CelFunctionBinding> bindings = new ArrayList<>();

        void comparison(String function, String name, IntPredicate holds) {
            binary(function, name, SimpleType.BOOL, (one, other) -> holds.test(one.compareTo(other)));
        }

        void arithmetic(String function, String name, BiFunction<BigDecimal, BigDecimal, BigDecimal> exact) {
            binary(function, name, ExactDecimal.TYPE, (one, other) -> new ExactDecimal(exact.apply(one, other)));
        }

        @SuppressWarnings("Immutable") // the functions given capture nothing
        private void binary(
                String function, String name, CelType result, BiFunction<BigDecimal, BigDecimal, Object> of) {
            CelType decimal = ExactDecimal.TYPE;
            declarations.add(CelFunctionDecl.newFunctionDeclaration(
                    function,
                    CelOverloadDecl.newGlobalOverload(name + "_decimal", result, decimal, decimal),
                    CelOverloadDecl.newGlobalOverload(name + "_decimal_int", result, decimal, SimpleType.INT),
                    CelOverloadDecl.newGlobalOverload(name + "_int_decimal", result, SimpleType.INT, decimal)));
            bindings.add(CelFunctionBinding.from(
                    name + "_decimal",
                    ExactDecimal.class,
                    ExactDecimal.class,
                    (one, other) -> of.apply(one.number(), other.number())));
            bindings.add(CelFunctionBinding.from(
                    name + "_decimal_int",
                    ExactDecimal.class,
                    Long.class,
                    (one, other) -> of.apply(one.number(), BigDecimal.valueOf(other))));
            bindings.add(CelFunctionBinding.from(
                    name + "_int_decimal",
                    Long.class,
                    ExactDecimal.class,
                    (one, other) -> of.apply(BigDecimal.valueOf(one), other.number())));
        }

        void conversions() {
            declarations.add(CelFunctionDecl.newFunctionDeclaration(
                    "decimal",
                    CelOverloadDecl.newGlobalOverload("decimal_string", ExactDecimal.TYPE, SimpleType.STRING),
                    CelOverloadDecl.newGlobalOverload("decimal_int", ExactDecimal.TYPE, SimpleType.INT)));
            declarations.add(CelFunctionDecl.newFunctionDeclaration(
                    "string",
                    CelOverloadDecl.newGlobalOverload("string_decimal", SimpleType.STRING, ExactDecimal.TYPE)));
            bindings.addAll(CelFunctionBinding.fromOverloads(
                    "decimal",
                    CelFunctionBinding.from("decimal_string", String.class, ExactDecimal::parse),
                    CelFunctionBinding.from("decimal_int", Long.class, ExactDecimal::of)));
            bindings.add(CelFunctionBinding.from("string_decimal", ExactDecimal.class, decimal -> decimal.number()
                    .toPlainString()));
        }
    }
}
