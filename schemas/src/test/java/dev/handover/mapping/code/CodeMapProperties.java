package dev.handover.mapping.code;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.mapping.code.Translation.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CodeMapProperties {
    private static final int SEEDS = 200;
    private static final String ALPHABET = "019.Vab,;\"\n\r\t \u00e4\u2003";
    private static final CsvLayout LAYOUT = CsvLayout.of("target").withRelation("relation");

    /** Random rows over few codes, so that choices, contradictions and shared targets are common. */
    private static Map<List<String>, Map<String, String>> rows(Random random) {
        Map<List<String>, Map<String, String>> rows = new LinkedHashMap<>();
        for (int i = 0; i < 40; i++) {
            List<String> key = List.of(text(random, 0), text(random, 0));
            String relation = List.of("equivalent", "wider", "narrower").get(random.nextInt(3));
            rows.computeIfAbsent(key, absent -> new TreeMap<>()).put(text(random, 1), relation);
        }
        return rows;
    }

    private static String text(Random random, int atLeast) {
        StringBuilder text = new StringBuilder();
        int length = atLeast + random.nextInt(3);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }

    @Test
    void whatIsWrittenAsCsvIsWhatIsLookedUp() throws InvalidCodeMap {
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            Map<List<String>, Map<String, String>> rows = rows(random);
            CodeMap map = read(rows, random);
            long rowsSeed = seed;

            assertThat(map.size()).as("seed %d", seed).isEqualTo(rows.size());
            rows.forEach((key, targets) -> {
                Translation found = map.lookup(key);
                List<String> codes = new ArrayList<>();
                found.single().ifPresent(target -> codes.add(target.code()));
                if (found instanceof Translation.Choice choice) {
                    choice.targets().forEach(target -> codes.add(target.code()));
                }
                assertThat(codes).as("seed %d", rowsSeed).containsExactlyElementsOf(targets.keySet());
                assertThat(found.kind())
                        .isEqualTo(
                                targets.size() > 1
                                        ? Kind.CHOICE
                                        : targets.containsValue("equivalent") ? Kind.EXACT : Kind.APPROXIMATE);
            });
            for (int i = 0; i < 100; i++) {
                List<String> other = List.of(text(random, 0), text(random, 0));
                assertThat(map.lookup(other).kind() == Kind.UNKNOWN)
                        .as("seed %d", seed)
                        .isEqualTo(!rows.containsKey(other));
            }
        }
    }

    @Test
    void theSourceOfATargetTranslatesToItAndNothingElseDoesExactly() throws InvalidCodeMap {
        int unique = 0;
        int shared = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            CodeMap map = read(rows(random), random);
            Map<String, List<List<String>>> exact = new TreeMap<>();
            Set<String> mentioned = new HashSet<>();
            map.forEach((key, translation) -> {
                translation.single().ifPresent(target -> mentioned.add(target.code()));
                if (translation instanceof Translation.Exact found) {
                    exact.computeIfAbsent(found.target().code(), absent -> new ArrayList<>())
                            .add(key);
                }
            });
            for (String target : mentioned) {
                List<List<String>> sources = exact.getOrDefault(target, List.of());
                if (sources.size() == 1) {
                    unique++;
                    List<String> source = map.keyOf(target).orElseThrow();
                    assertThat(map.lookup(source))
                            .as("seed %d", seed)
                            .isEqualTo(new Translation.Exact(Target.of(target, "", Relation.EQUIVALENT)));
                    assertThat(map.sourceOf(target)).contains(source.get(0));
                } else {
                    shared += sources.size() > 1 ? 1 : 0;
                    assertThat(map.keyOf(target)).as("seed %d", seed).isEmpty();
                }
            }
        }
        assertThat(unique).isGreaterThan(1_000);
        assertThat(shared).isGreaterThan(20);
    }

    @Test
    void whatIsFormedIsFormed() {
        Random random = new Random(7);
        int changed = 0;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int length = random.nextInt(8); length > 0; length--) {
                text.append("eE.. 12v\u00df\u2003\ufb01\u0131".charAt(random.nextInt(12)));
            }
            Set<KeyForm> forms = new HashSet<>();
            for (KeyForm form : KeyForm.values()) {
                if (random.nextBoolean()) {
                    forms.add(form);
                }
            }
            KeyPart part = new KeyPart("code", forms);
            String formed = part.form(text.toString());
            changed += formed.contentEquals(text) ? 0 : 1;
            assertThat(part.form(formed)).as("%s of %s", forms, text).isEqualTo(formed);
        }
        assertThat(changed).isGreaterThan(5_000);
    }

    private static CodeMap read(Map<List<String>, Map<String, String>> rows, Random random) throws InvalidCodeMap {
        String end = random.nextBoolean() ? "\n" : "\r\n";
        StringBuilder csv = new StringBuilder("code,version,target,relation").append(end);
        rows.forEach((key, targets) -> targets.forEach((target, relation) -> csv.append(quoted(key.get(0)))
                .append(',')
                .append(quoted(key.get(1)))
                .append(',')
                .append(quoted(target))
                .append(',')
                .append(relation)
                .append(end)));
        CodeMapBuilder builder = CodeMap.builder("random")
                .key(KeyPart.of("code"), KeyPart.of("version"))
                .several(Several.CHOICE);
        CsvCodes.read(csv.toString(), LAYOUT, builder);
        return builder.build();
    }

    private static String quoted(String text) {
        return '"' + text.replace("\"", "\"\"") + '"';
    }
}
