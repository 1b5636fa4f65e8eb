package dev.handover.mapping.cel;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableList;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.ExprKind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.StructType;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelParserFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelVariableResolver;
import dev.handover.mapping.InvalidExpression;
import dev.handover.mapping.InvalidExpression.Issue;
import dev.handover.mapping.InvalidExpression.Spot;
import dev.handover.mapping.code.CodeMap;
import dev.handover.row.Row;
import dev.handover.row.TableSchema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An expression that was parsed and checked against the columns of a table, ready to run. Immutable, for any thread.
 *
 * <p>The environment is CEL's standard one, its string extension, {@link DecimalFunctions}, {@code blank} and
 * {@link CodeFunction}. Nothing in it knows the time, chance or the outside, so an expression gives the same answer for
 * the same row and the same maps everywhere.
 */
final class CelProgram {
    /** The only variable. */
    private static final String ROW = "row";

    /** More is a program, which does not belong into a mapping. */
    static final int EXPRESSION_CHARACTERS_MAX = 4_096;

    /** Turns of all comprehensions of one evaluation; a row has few lists, and none of them is long. */
    static final int ITERATIONS_MAX = 10_000;

    /** Instructions of a compiled regular expression, which runs in linear time (RE2). */
    static final int REGEX_INSTRUCTIONS_MAX = 2_000;

    private static final CelOptions OPTIONS = CelOptions.current()
            .maxExpressionCodePointSize(EXPRESSION_CHARACTERS_MAX)
            .comprehensionMaxIterations(ITERATIONS_MAX)
            .maxRegexProgramSize(REGEX_INSTRUCTIONS_MAX)
            .enableQuotedIdentifierSyntax(true)
            .enableHeterogeneousNumericComparisons(true)
            .build();

    private static final CelRuntime WITHOUT_MAPS = runtime(Map.of());

    private final CelRuntime.Program program;
    private final CelType type;
    private final Set<String> reads;

    private CelProgram(CelRuntime.Program program, CelType type, Set<String> reads) {
        this.program = program;
        this.type = type;
        this.reads = Set.copyOf(reads);
    }

    private static CelRuntime runtime(Map<String, CodeMap> maps) {
        return CelRuntimeFactory.plannerRuntimeBuilder()
                .setOptions(OPTIONS)
                .addLibraries(CelExtensions.strings())
                .addFunctionBindings(DecimalFunctions.BINDINGS)
                .addFunctionBindings(TextFunctions.BINDINGS)
                .addFunctionBindings(CodeFunction.bindings(maps))
                .build();
    }

    /**
     * @param maps that {@code code} may name
     * @throws InvalidExpression when it is no CEL, or does not fit the columns or the maps; with every issue at its
     *     place
     */
    static CelProgram compile(String text, TableSchema source, Map<String, CodeMap> maps) {
        StructType rows = RowValue.type(source);
        try {
            CelAbstractSyntaxTree tree = CelCompilerFactory.standardCelCompilerBuilder()
                    .setOptions(OPTIONS.toBuilder()
                            .enableHeterogeneousNumericComparisons(false)
                            .build())
                    .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                    .setTypeProvider(new OneType(rows))
                    .addVar(ROW, rows)
                    .addLibraries(CelExtensions.strings())
                    .addFunctionDeclarations(DecimalFunctions.DECLARATIONS)
                    .addFunctionDeclarations(TextFunctions.DECLARATIONS)
                    .addFunctionDeclarations(CodeFunction.DECLARATION)
                    .build()
                    .compile(text)
                    .getAst();
            Set<String> reads = reads(tree);
            refuseCalls(tree, maps);
            CelRuntime runtime = maps.isEmpty() ? WITHOUT_MAPS : runtime(maps);
            return new CelProgram(runtime.createProgram(tree), tree.getResultType(), reads);
        } catch (CelValidationException invalid) {
            throw new InvalidExpression(
                    invalid.getErrors().stream().map(CelProgram::issue).toList());
        } catch (CelEvaluationException unplannable) {
            throw new InvalidExpression(List.of(new Issue(Spot.START, "can't be evaluated")));
        }
    }

    private static void refuseCalls(CelAbstractSyntaxTree tree, Map<String, CodeMap> maps) {
        List<Issue> issues = new ArrayList<>();
        CodeFunction.calls(tree).forEach(call -> call.wrong(tree, maps)
                .ifPresent(wrong -> issues.add(new Issue(spot(tree, wrong.at()), wrong.fact()))));
        refuse(issues);
    }

    /**
     * The maps that {@code code} names, with the place where each is named first.
     *
     * @throws InvalidExpression when it is no CEL
     */
    static Map<String, Spot> maps(String text) {
        CelAbstractSyntaxTree tree = parse(text);
        Map<String, Spot> named = new LinkedHashMap<>();
        CodeFunction.calls(tree)
                .forEach(call -> call.name().ifPresent(name -> named.putIfAbsent(name, spot(tree, call.map()))));
        return named;
    }

    /** @throws InvalidExpression when it is no CEL */
    static CelAbstractSyntaxTree parse(String text) {
        try {
            return CelParserFactory.standardCelParserBuilder()
                    .setOptions(OPTIONS)
                    .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                    .build()
                    .parse(text)
                    .getAst();
        } catch (CelValidationException invalid) {
            throw new InvalidExpression(
                    invalid.getErrors().stream().map(CelProgram::issue).toList());
        }
    }

    private static Issue issue(CelIssue issue) {
        String fact = issue.getMessage();
        // the candidates are every overload there is
        int candidates = fact.indexOf(" (candidates:");
        fact = candidates < 0 ? fact : fact.substring(0, candidates);
        fact = fact.replaceAll("wrapper\\((\\w+)\\)", "$1")
                .replaceAll("'_(\\W+)_'", "'$1'")
                .replace(" (in container '')", "");
        return new Issue(spot(issue.getSourceLocation()), fact);
    }

    // CEL counts characters from 0, and some of its issues have no place
    private static Spot spot(CelSourceLocation location) {
        return new Spot(Math.max(location.getLine(), 1), Math.max(location.getColumn() + 1, 1));
    }

    /** The fields of the row that are selected; the row itself has no use. */
    private static Set<String> reads(CelAbstractSyntaxTree tree) {
        Set<String> reads = new LinkedHashSet<>();
        List<Issue> issues = new ArrayList<>();
        CelNavigableAst.fromAst(tree).getRoot().allNodes().forEach(node -> {
            CelExpr expression = node.expr();
            if (node.getKind() == ExprKind.Kind.COMPREHENSION
                    && expression.comprehension().iterVar().equals(ROW)) {
                issues.add(new Issue(spot(tree, expression), "the name row is taken: call the element otherwise"));
            } else if (isRow(node)) {
                Optional<CelExpr> select = node.parent()
                        .map(CelNavigableExpr::expr)
                        .filter(parent -> parent.exprKind().getKind() == ExprKind.Kind.SELECT);
                select.ifPresentOrElse(
                        found -> reads.add(found.select().field()),
                        () -> issues.add(new Issue(spot(tree, expression), "name a column of the row")));
            }
        });
        refuse(issues);
        return reads;
    }

    private static void refuse(List<Issue> issues) {
        if (!issues.isEmpty()) {
            throw new InvalidExpression(issues.stream()
                    .sorted(Comparator.comparingInt((Issue issue) -> issue.at().line())
                            .thenComparingInt(issue -> issue.at().character()))
                    .toList());
        }
    }

    private static boolean isRow(CelNavigableExpr node) {
        return node.getKind() == ExprKind.Kind.IDENT
                && node.expr().ident().name().equals(ROW);
    }

    private static Spot spot(CelAbstractSyntaxTree tree, CelExpr expression) {
        return Optional.ofNullable(tree.getSource().getPositionsMap().get(expression.id()))
                .flatMap(tree.getSource()::getOffsetLocation)
                .map(CelProgram::spot)
                .orElse(Spot.START);
    }

    /** What the expression gives. */
    CelType type() {
        return type;
    }

    /** Columns that the expression selects. */
    Set<String> reads() {
        return reads;
    }

    /**
     * What the expression gives for a complete row of the table.
     *
     * @throws IllegalArgumentException when it gives nothing; the message holds no value, as CEL's own would
     */
    Object evaluate(Row row) {
        RowValue value = new RowValue(row);
        try {
            return program.eval((CelVariableResolver) name -> name.equals(ROW) ? Optional.of(value) : Optional.empty());
        } catch (CelEvaluationException e) {
            throw new IllegalArgumentException("no answer: " + e.getErrorCode());
        } catch (RuntimeException e) {
            // Not every fault of a function arrives as one of CEL's; to a row it means the same.
            throw new IllegalArgumentException("no answer: " + e.getClass().getSimpleName());
        }
    }

    @Override
    public String toString() {
        return "CelProgram";
    }

    /** The row's type by its name, and no other. */
    private record OneType(StructType type) implements CelTypeProvider {
        @Override
        public ImmutableCollection<CelType> types() {
            return ImmutableList.of(type);
        }

        @Override
        public Optional<CelType> findType(String name) {
            return name.equals(type.name()) ? Optional.of(type) : Optional.empty();
        }
    }
}
