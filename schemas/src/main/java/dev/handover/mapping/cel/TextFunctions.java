package dev.handover.mapping.cel;

import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.NullableType;
import dev.cel.common.types.SimpleType;
import dev.cel.runtime.CelFunctionBinding;
import java.util.List;

/** {@code blank(text)}: whether a text is null, empty or white space only. */
final class TextFunctions {
    static final List<CelFunctionDecl> DECLARATIONS = List.of(CelFunctionDecl.newFunctionDeclaration(
            "blank",
            CelOverloadDecl.newGlobalOverload(
                    "blank_string", SimpleType.BOOL, NullableType.create(SimpleType.STRING))));

    static final List<CelFunctionBinding> BINDINGS = List.copyOf(CelFunctionBinding.fromOverloads(
            "blank",
            CelFunctionBinding.from(
                    "blank_string",
                    List.of(Object.class),
                    arguments -> !(arguments[0] instanceof String text) || text.isBlank())));

    private TextFunctions() {}
}
