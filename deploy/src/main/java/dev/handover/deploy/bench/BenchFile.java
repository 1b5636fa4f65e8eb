package dev.handover.deploy.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * The benchmark's pipeline file, made from a user's: the same servers, users, secrets, topic settings and sizes of
 * batches; a name, tables, slot, publication and topics of its own.
 */
final class BenchFile {
    /** Of the slot and the publication. */
    static final String SLOT = BenchTable.SCHEMA;

    private static final String SUFFIX = "-bench";
    /** Most characters of a pipeline's name. */
    private static final int NAME_MAX = 40;

    /** What the user's own tables need, and the benchmark's do not. */
    private static final List<String> LEFT_OUT =
            List.of("tables", "maps", "rules", "archive", "targetSchema", "mappingVersion", "drift");

    private BenchFile() {}

    /**
     * Its text.
     *
     * @param user text of a pipeline file that is valid
     * @param source name of the source that is measured
     */
    static String of(String user, String source) {
        Map<String, Object> file = map(new Yaml(new SafeConstructor(new LoaderOptions())).load(user));
        LEFT_OUT.forEach(file::remove);
        Map<String, Object> metadata = map(file.get("metadata"));
        String name = String.valueOf(metadata.get("name"));
        metadata.put("name", name.substring(0, Math.min(name.length(), NAME_MAX - SUFFIX.length())) + SUFFIX);
        file.put("metadata", metadata);
        Map<String, Object> kafka = map(file.get("kafka"));
        if (kafka.get("topics") instanceof Map<?, ?> topics && topics.get("prefix") instanceof String prefix) {
            Map<String, Object> ours = map(topics);
            ours.put("prefix", prefix + SUFFIX);
            kafka.put("topics", ours);
            file.put("kafka", kafka);
        }
        List<Object> sources = new ArrayList<>();
        for (Object each : (List<?>) file.getOrDefault("sources", List.of())) {
            Map<String, Object> one = map(each);
            if (source.equals(one.get("name"))) {
                one.remove("exclude");
                one.put("include", List.of(BenchTable.SCHEMA + ".*"));
                one.put("postgres", Map.of("slot", SLOT, "publication", SLOT, "heartbeat", "1s"));
                sources.add(one);
            }
        }
        file.put("sources", sources);
        return new Yaml().dump(file);
    }

    /** A copy that can be changed; of a section that is not there, an empty one. */
    private static Map<String, Object> map(@Nullable Object section) {
        Map<String, Object> copy = new LinkedHashMap<>();
        if (section instanceof Map<?, ?> written) {
            written.forEach((key, value) -> copy.put(String.valueOf(key), value));
        }
        return copy;
    }
}
