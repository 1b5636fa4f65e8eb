package dev.handover.deploy.cli;

import dev.handover.deploy.config.PipelineConfig;
import dev.handover.deploy.config.PipelineFile;
import dev.handover.deploy.config.Place;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.pipeline.BoundMappings;
import dev.handover.deploy.pipeline.Sampling;
import dev.handover.deploy.pipeline.SchemaRecord;
import dev.handover.deploy.pipeline.Trial;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.mapping.Mapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands about mappings: what becomes of every column, how, and what a sample of rows makes of it. */
final class MappingCommands {
    private static final int SAMPLE_MAX = 100_000;

    private MappingCommands() {}

    static List<dev.handover.deploy.cli.Command> all() {
        return List.of(new CoverageOf(), new Explain(), new Test());
    }

    /** {@code handover mapping coverage}. */
    @Command(
            name = "coverage",
            description = {
                "Say of every source column how its values can be had back, which target columns read it, and what was"
                        + " found in it so far.",
                "reversible: always; checked: row by row, raw kept where not; raw-backed: raw kept; dropped: declared."
            },
            footer = {
                "  handover mapping coverage                      a line for each table",
                "  handover mapping coverage clinical.patient     a line for each column",
                "  handover mapping coverage -o json              every column of every table"
            })
    private static final class CoverageOf implements dev.handover.deploy.cli.Command {
        @Parameters(
                paramLabel = "TABLE",
                arity = "0..1",
                description = "source.schema.table, or schema.table of the target; all when absent")
        private @Nullable String table;

        @Mixin
        private final Schemas schemas = new Schemas();

        @Override
        public Answer run(Session session) {
            Schemas.From from = fitting(session, schemas);
            BoundMappings mappings = BoundMappings.of(Pipelines.assembly(session), from.schemas());
            String named = table;
            return MappingCoverage.answer(
                    named == null ? mappings.mappers() : mappings.named(named),
                    from.place(),
                    KnownFindings.of(session),
                    named != null);
        }
    }

    /** {@code handover mapping explain}. */
    @Command(
            name = "explain",
            description = "Explain how a target column comes about, what becomes of what fails, and what was found.",
            footer = {
                "  handover mapping explain clinical.patient.sex",
                "  handover mapping explain pas.public.patient.ssn   a column of the source"
            })
    private static final class Explain implements dev.handover.deploy.cli.Command {
        @Parameters(paramLabel = "TABLE.COLUMN", description = "schema.table.column of the target")
        @SuppressWarnings("FieldCanBeFinal") // set by the parser
        private String column = "";

        @Mixin
        private final Schemas schemas = new Schemas();

        @Override
        public Answer run(Session session) {
            Schemas.From from = fitting(session, schemas);
            List<BoundMappings.Named> found = BoundMappings.of(Pipelines.assembly(session), from.schemas())
                    .column(column);
            return MappingExplanation.answer(
                    found,
                    found.stream()
                            .map(named -> place(session, named).orElse(""))
                            .toList(),
                    KnownFindings.of(session));
        }
    }

    /** {@code handover mapping test}. */
    @Command(
            name = "test",
            description = {
                "Map the first rows of a table of the live source, and back, and count what becomes of them.",
                "Rows are only read and then forgotten; of values only shapes are shown. Exit 3 when one would become a"
                        + " dead letter."
            },
            footer = {
                "  handover mapping test clinical.patient",
                "  handover mapping test pas.public.patient --sample 50000"
            })
    private static final class Test implements dev.handover.deploy.cli.Command {
        @Parameters(paramLabel = "TABLE", description = "source.schema.table, or schema.table of the target")
        @SuppressWarnings("FieldCanBeFinal") // set by the parser
        private String table = "";

        @Option(
                names = "--sample",
                paramLabel = "N",
                defaultValue = "1000",
                description = "rows to read at most, 1 to 100000; default 1000")
        private int sample = 1_000;

        @Override
        public Answer run(Session session) {
            if (sample < 1 || sample > SAMPLE_MAX) {
                throw Fault.of(ExitCode.USAGE, "usage", "--sample is 1 to " + SAMPLE_MAX, "write it as --sample 10000");
            }
            Assembly assembly = Pipelines.assembly(session);
            List<Trial.Result> results = new ArrayList<>();
            for (Mapper mapper :
                    BoundMappings.of(assembly, SchemaRecord.live(assembly)).named(table)) {
                Trial trial = new Trial(mapper);
                new Sampling(assembly).read(mapper.source(), sample, trial::take);
                results.add(trial.result());
            }
            return MappingTrial.answer(results);
        }
    }

    /** The schemas that a command works with, once every mapping fits them. */
    private static Schemas.From fitting(Session session, Schemas schemas) {
        Schemas.From from = schemas.any(session);
        PipelineFile.read(session.configFile(), from.schemas());
        return from;
    }

    /** Where a column is declared, or what stands for it. */
    private static Optional<String> place(Session session, BoundMappings.Named named) {
        PipelineConfig pipeline = session.pipeline();
        Path file = session.configFile();
        for (int i = 0; i < pipeline.tables().size(); i++) {
            var table = pipeline.tables().get(i);
            if (table.from().equals(named.mapper().mapping().source().text())
                    && table.to().equals(named.mapper().mapping().target().shortText())) {
                String column = table.columns().containsKey(named.column()) ? named.column() : "*";
                return PipelineFile.place(file, "tables[" + i + "].columns." + column)
                        .map((Place place) -> file + ":" + place.line() + ":" + place.column());
            }
        }
        return Optional.empty();
    }
}
