package dev.handover.deploy.config;

import dev.handover.drift.DriftPolicy;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One pipeline: everything that its roles need to know, as the file says it. Secrets are references here. */
public record PipelineConfig(
        @Key(value = "The version of this file's language", pattern = "handover/v1")
        String apiVersion,

        @Key(value = "What this file describes", pattern = "Pipeline")
        String kind,

        @Key("Name, owner and labels of the pipeline") Metadata metadata,

        @Key("Where `${…}` may read from; nothing else is readable")
        SecretsConfig secrets,

        @Key("The Kafka cluster that carries the changes") KafkaConfig kafka,
        @Key("The schema registry beside it") RegistryConfig registry,
        @Key("The key of row fingerprints") DigestConfig digest,
        @Key(value = "The legacy databases", atLeast = 1) List<SourceConfig> sources,

        @Key(
                value = "The version of every mapping under `tables` that names none; raise it when a mapping changes",
                byDefault = "1",
                min = 1)
        int mappingVersion,

        @Key("Target schema of tables that `tables` does not name; the schema's name at the source when absent")
        Optional<String> targetSchema,

        @Key(
                value =
                        "How far changes of a source table's schema are followed: `stop` parks the table at the first,"
                                + " `evolve` follows new, dropped and wider columns, `lenient` gives a changed type a new column",
                byDefault = "evolve")
        DriftPolicy drift,

        @Key("Maps of codes and units by the names that columns use")
        Map<String, MapConfig> maps,

        @Key("Tables that are mapped or renamed; any other captured table is copied as it is")
        List<TableConfig> tables,

        @Key(value = "The databases in the cloud", atLeast = 1)
        List<SinkConfig> sinks,

        @Key("The bucket of raw values that are not kept beside their rows")
        Optional<ArchiveConfig> archive,

        @Key("What must hold of both ends besides equal rows; checked by every comparison")
        List<RuleConfig> rules,

        @Key("How both ends are compared") ReconcileConfig reconcile,
        @Key("What the pipeline says about itself") TelemetryConfig telemetry) {

    /** Copies the lists. */
    public PipelineConfig {
        sources = List.copyOf(sources);
        maps = Collections.unmodifiableMap(new LinkedHashMap<>(maps));
        tables = List.copyOf(tables);
        sinks = List.copyOf(sinks);
        rules = List.copyOf(rules);
    }

    /** The same pipeline with the files of its maps named from a directory. */
    PipelineConfig within(Path directory) {
        Map<String, MapConfig> found = new LinkedHashMap<>();
        maps.forEach((name, map) -> found.put(name, map.within(directory)));
        return new PipelineConfig(
                apiVersion,
                kind,
                metadata,
                secrets,
                kafka,
                registry,
                digest,
                sources,
                mappingVersion,
                targetSchema,
                drift,
                found,
                tables,
                sinks,
                archive,
                rules,
                reconcile,
                telemetry);
    }

    /** What every topic's name begins with. */
    public String topicPrefix() {
        return kafka.topics().prefix().orElse(metadata.name());
    }

    /** The mapping version of a table: its own, or the file's. */
    public int mappingVersion(TableConfig table) {
        return table.mappingVersion().orElse(mappingVersion);
    }

    /** How far changes of a source table's schema are followed; the strictest where its targets differ. */
    public DriftPolicy drift(String table) {
        return tables.stream()
                .filter(each -> each.from().equals(table))
                .flatMap(each -> each.drift().stream())
                .min(Comparator.naturalOrder())
                .orElse(drift);
    }

    /** The source of that name, if there is one. */
    public Optional<SourceConfig> source(String name) {
        return sources.stream().filter(source -> source.name().equals(name)).findFirst();
    }

    /** Who a pipeline belongs to. */
    public record Metadata(
            @Key(
                    value = "The pipeline's name: part of topics, consumer groups, slots and reports",
                    pattern = "[a-z][a-z0-9-]{0,38}[a-z0-9]")
            String name,

            @Key("Whom to ask; shown in reports") Optional<String> owner,

            @Key(value = "Free labels, shown in reports", asWritten = true)
            Map<String, String> labels) {
        /** Copies the labels. */
        public Metadata {
            labels = Map.copyOf(labels);
        }
    }

    /** The secret key of the migration, without which fingerprints of rows can't be guessed from likely rows. */
    public record DigestConfig(
            @Key("At least 16 bytes that stay the same for the whole migration")
            SecretRef key) {}
}
