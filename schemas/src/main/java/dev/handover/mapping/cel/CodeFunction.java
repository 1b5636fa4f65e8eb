package dev.handover.mapping.cel;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.NullableType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelFunctionBinding;
import dev.handover.mapping.code.CodeMap;
import dev.handover.mapping.code.Translation;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * {@code code('map', key)}: the one code of a map that means the same as a text or a whole number; null where the key
 * is null, where the map does not hold it, and where it has no such code, or several. The map is named as it stands, so
 * that what an expression depends on is known before it runs.
 */
final class CodeFunction {
    private static final String NAME = "code";
    private static final String OVERLOAD = "code_string_dyn";
    private static final int ARGUMENTS = 2;

    static final CelFunctionDecl DECLARATION = CelFunctionDecl.newFunctionDeclaration(
            NAME,
            CelOverloadDecl.newGlobalOverload(
                    OVERLOAD, NullableType.create(SimpleType.STRING), SimpleType.STRING, SimpleType.DYN));

    private CodeFunction() {}

    @SuppressWarnings("Immutable") // maps of codes are, and say so nowhere
    static List<CelFunctionBinding> bindings(Map<String, CodeMap> maps) {
        return List.copyOf(CelFunctionBinding.fromOverloads(
                NAME,
                CelFunctionBinding.from(
                        OVERLOAD, List.of(String.class, Object.class), arguments -> of(maps, arguments))));
    }

    private static Object of(Map<String, CodeMap> maps, Object... arguments) {
        if (arguments[1] instanceof NullValue) {
            return NullValue.NULL_VALUE;
        }
        if (!(arguments[1] instanceof String || arguments[1] instanceof Long)) {
            throw new IllegalArgumentException("neither a text nor a whole number");
        }
        CodeMap map = Objects.requireNonNull(maps.get((String) arguments[0]), "map");
        return map.lookup(String.valueOf(arguments[1])) instanceof Translation.Exact exact
                ? exact.target().code()
                : NullValue.NULL_VALUE;
    }

    /** What is wrong with a use of the function, and at which part of it. */
    record Wrong(CelExpr at, String fact) {}

    /** A use of the function. */
    record Call(CelExpr map, CelExpr key) {
        /** The map's name, where it stands there as a text. */
        Optional<String> name() {
            return map.exprKind().getKind() == ExprKind.Kind.CONSTANT
                            && map.constant().getKind() == CelConstant.Kind.STRING_VALUE
                    ? Optional.of(map.constant().stringValue())
                    : Optional.empty();
        }

        /** Why the checked call can't be answered, if so. */
        Optional<Wrong> wrong(CelAbstractSyntaxTree tree, Map<String, CodeMap> maps) {
            Optional<String> name = name();
            if (name.isEmpty()) {
                return Optional.of(new Wrong(map, "name the map as a text: code('map', row.column)"));
            }
            CodeMap known = maps.get(name.get());
            if (known == null) {
                return Optional.of(new Wrong(map, "no map of codes is named '" + name.get() + "'"));
            }
            int parts = known.key().size();
            if (parts != 1) {
                return Optional.of(new Wrong(
                        map, "map " + name.get() + " is looked up by " + parts + " texts, and code takes one"));
            }
            CelType type = tree.getType(key.id()).orElse(SimpleType.DYN);
            CelType plain = type instanceof NullableType nullable ? nullable.targetType() : type;
            return switch (plain.kind()) {
                case STRING, INT, DYN, NULL_TYPE -> Optional.empty();
                default ->
                    Optional.of(new Wrong(key, "a code is a text or a whole number, and this is " + plain.name()));
            };
        }
    }

    /** All uses of the function in an expression, checked or not. */
    static Stream<Call> calls(CelAbstractSyntaxTree tree) {
        return CelNavigableAst.fromAst(tree)
                .getRoot()
                .allNodes()
                .filter(node -> node.getKind() == ExprKind.Kind.CALL)
                .map(CelNavigableExpr::expr)
                .filter(expression -> expression.call().function().equals(NAME)
                        && expression.call().target().isEmpty()
                        && expression.call().args().size() == ARGUMENTS)
                .map(expression -> new Call(
                        expression.call().args().get(0),
                        expression.call().args().get(1)));
    }
}
