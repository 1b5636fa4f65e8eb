package dev.handover.mapping.unit;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * UCUM's grammar, case-sensitive and strict (The Unified Code for Units of Measure, sections 2 to 11). In EBNF:
 *
 * <pre>
 * code      = ["/"] term
 * term      = component {("." | "/") component}           from left to right
 * component = (symbol [exponent] | digits | "(" term ")") [annotation] | annotation
 * exponent  = ["+" | "-"] digits
 * </pre>
 *
 * Annotations behind a number or a bracket are not in the published grammar but in the published test cases and tables.
 */
final class UcumParser {
    /** Characters of a code; no code in use comes near, and the work for one string stays bounded. */
    static final int LENGTH_MAX = 256;

    /** Of an exponent's absolute value, for the same reason. */
    static final int EXPONENT_MAX = 99;

    private static final String A_SCALE = " a scale with a zero point or a logarithm";

    private final Atoms atoms;
    private final String code;
    private final List<String> annotations = new ArrayList<>();
    private int at;
    private boolean largePrefix;

    private UcumParser(Atoms atoms, String code) {
        this.atoms = atoms;
        this.code = code;
    }

    /** Why a text is no UCUM code. Carries no stack trace: of the texts of a source, many are none. */
    static final class Malformed extends Exception {
        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    static Unit parse(Atoms atoms, String code) throws Malformed {
        if (code.isEmpty() || code.length() > LENGTH_MAX) {
            throw new Malformed("a UCUM code has 1 to " + LENGTH_MAX + " characters");
        }
        UcumParser parser = new UcumParser(atoms, code);
        Measure measure = parser.code();
        return new Unit(code, measure, parser.annotations, parser.largePrefix);
    }

    /** The symbols of a code without their exponents, well-formed or not. */
    static List<String> symbols(String code) {
        List<String> symbols = new ArrayList<>();
        int start = 0;
        while (start < code.length()) {
            int end = symbolEnd(code, start);
            String symbol = code.substring(start, exponentStart(code, start, end));
            if (!symbol.isEmpty() && !isDigits(symbol)) {
                symbols.add(symbol);
            }
            start = end + 1;
        }
        return symbols;
    }

    private Measure code() throws Malformed {
        Measure measure = Measure.ONE;
        if (next('/')) {
            measure = divided(measure, component());
            measure = rest(measure);
        } else {
            measure = rest(component());
        }
        if (at < code.length()) {
            throw malformed("an operator");
        }
        return measure;
    }

    private Measure rest(Measure first) throws Malformed {
        Measure measure = first;
        while (true) {
            if (next('.')) {
                measure = product(measure, component());
            } else if (next('/')) {
                measure = divided(measure, component());
            } else {
                return measure;
            }
        }
    }

    private Measure component() throws Malformed {
        if (at < code.length() && code.charAt(at) == '{') {
            annotation();
            return Measure.ONE;
        }
        Measure measure;
        if (next('(')) {
            measure = rest(component());
            if (!next(')')) {
                throw malformed("a closing bracket");
            }
        } else {
            measure = simple();
        }
        if (at < code.length() && code.charAt(at) == '{') {
            annotation();
        }
        return measure;
    }

    private Measure simple() throws Malformed {
        int start = at;
        at = symbolEnd(code, start);
        int split = exponentStart(code, start, at);
        String symbol = code.substring(start, split);
        String exponent = code.substring(split, at);
        if (symbol.isEmpty() && isDigits(exponent)) {
            BigInteger number = new BigInteger(exponent);
            if (number.signum() == 0) {
                throw malformed("a number above zero");
            }
            return Measure.number(Rational.of(number));
        }
        Atoms.Simple simple = atoms.simple(symbol).orElse(null);
        if (simple == null) {
            at = start;
            throw malformed("a unit");
        }
        largePrefix |= simple.largePrefix();
        return present(simple.measure().pow(exponent(exponent)), "no exponent for");
    }

    private int exponent(String text) throws Malformed {
        if (text.isEmpty()) {
            return 1;
        }
        if (text.length() > 1 + Integer.toString(EXPONENT_MAX).length()) {
            throw malformed("a smaller exponent");
        }
        int exponent = Integer.parseInt(text);
        if (Math.abs(exponent) > EXPONENT_MAX) {
            throw malformed("a smaller exponent");
        }
        return exponent;
    }

    private void annotation() throws Malformed {
        int end = code.indexOf('}', at);
        if (end < 0) {
            throw malformed("a closing brace");
        }
        for (int i = at + 1; i < end; i++) {
            char c = code.charAt(i);
            if (c < '!' || c > '~' || c == '{') {
                throw malformed("visible ASCII characters in braces");
            }
        }
        if (end > at + 1) {
            annotations.add(code.substring(at + 1, end));
        }
        at = end + 1;
    }

    private Measure product(Measure left, Measure right) throws Malformed {
        return present(left.times(right), "no product of");
    }

    private Measure divided(Measure left, Measure right) throws Malformed {
        if (left.scale()) {
            throw malformed("no quotient of" + A_SCALE);
        }
        return product(left, present(right.pow(-1), "no quotient of"));
    }

    private Measure present(Optional<Measure> measure, String wanted) throws Malformed {
        return measure.orElseThrow(() -> malformed(wanted + A_SCALE));
    }

    private boolean next(char expected) {
        if (at < code.length() && code.charAt(at) == expected) {
            at++;
            return true;
        }
        return false;
    }

    private Malformed malformed(String wanted) {
        return new Malformed("wanted " + wanted + " at character " + (at + 1));
    }

    /** Operators and braces end a symbol, but not inside its square brackets: {@code B[10.nV]}. */
    private static int symbolEnd(String code, int start) {
        int depth = 0;
        int end = start;
        while (end < code.length()) {
            char c = code.charAt(end);
            if (depth == 0 && (c == '.' || c == '/' || c == '(' || c == ')' || c == '{' || c == '}')) {
                return end;
            }
            depth += c == '[' ? 1 : c == ']' ? -1 : 0;
            end++;
        }
        return end;
    }

    /** No atom ends with a digit, so digits at the end, with their sign, are the exponent. */
    private static int exponentStart(String code, int start, int end) {
        int split = end;
        while (split > start && isDigit(code.charAt(split - 1))) {
            split--;
        }
        boolean signed =
                split > start && split < end && (code.charAt(split - 1) == '-' || code.charAt(split - 1) == '+');
        return signed ? split - 1 : split;
    }

    private static boolean isDigits(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> isDigit((char) c));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
