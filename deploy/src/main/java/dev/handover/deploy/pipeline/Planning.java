package dev.handover.deploy.pipeline;

import dev.handover.capture.CaptureConfig;
import dev.handover.capture.SourceTable;
import dev.handover.capture.engine.CaptureState;
import dev.handover.capture.engine.CapturedTables;
import dev.handover.capture.engine.SourceLog;
import dev.handover.capture.engine.SourceLogs;
import dev.handover.capture.publish.TopicLayout;
import dev.handover.deploy.config.SourceConfig;
import dev.handover.deploy.pipeline.Plan.Action;
import dev.handover.deploy.pipeline.Plan.Line;
import dev.handover.deploy.pipeline.Plan.Place;
import dev.handover.drift.DriftPolicy;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.mapping.Mapper;
import dev.handover.mapping.MappingMismatch;
import dev.handover.mapping.TableMapping;
import dev.handover.row.TableId;
import dev.handover.row.TableSchema;
import dev.handover.sink.postgres.ControlTables;
import dev.handover.sink.postgres.TargetDatabase;
import dev.handover.sink.postgres.TargetPlan;
import dev.handover.sink.postgres.TargetStatus;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * Asks the sources, Kafka and the target what {@code run} would create or change, and changes nothing. What cannot be
 * asked is a part of the plan that is not known; the other parts are told all the same.
 */
public final class Planning {
    private final Assembly assembly;
    private Optional<Fault> kafkaSilent = Optional.empty();

    public Planning(Assembly assembly) {
        this.assembly = assembly;
    }

    /** An answer, or why there is none. */
    private record Asked<T>(Optional<T> answer, Optional<Fault> why) {
        static <T> Asked<T> of(Supplier<T> question) {
            try {
                return new Asked<>(Optional.of(question.get()), Optional.empty());
            } catch (Fault fault) {
                return new Asked<>(Optional.empty(), Optional.of(fault));
            }
        }
    }

    /** What is known of one source. */
    private record Looked(SourceConfig source, Asked<List<SourceTable>> tables, Asked<CaptureState> state) {
        Map<TableId, SourceTable> live() {
            Map<TableId, SourceTable> live = new TreeMap<>();
            tables.answer().orElse(List.of()).forEach(table -> live.put(table.table(), table));
            return live;
        }

        Optional<CapturedTables> captured() {
            return state.answer()
                    .flatMap(known -> tables.answer().map(found -> known.tables(Assembly.selection(source), found)));
        }

        Optional<Fault> unknown() {
            return tables.why().or(state::why);
        }
    }

    /** Reads the world as it is. */
    public Plan read() {
        List<Looked> sources =
                assembly.pipeline().sources().stream().map(this::look).toList();
        List<Place> places = new ArrayList<>();
        sources.forEach(looked -> places.add(place("source " + looked.source().name(), name -> source(name, looked))));
        places.add(place("kafka", name -> kafka(name, sources)));
        List<Line> misfits = new ArrayList<>();
        List<TableSchema> schemas = targetSchemas(sources, misfits);
        places.add(place("mappings", name -> mappings(name, misfits)));
        places.add(place("target " + assembly.onlySink().name(), name -> target(name, sources, schemas)));
        return new Plan(places);
    }

    private static Place place(String name, Function<String, Place> look) {
        Asked<Place> asked = Asked.of(() -> look.apply(name));
        return asked.answer().orElseGet(() -> Place.unknown(name, asked.why().orElseThrow()));
    }

    private Looked look(SourceConfig source) {
        return new Looked(
                source,
                Asked.of(() -> assembly.inventory(source).tables()),
                kafka(() -> CaptureState.read(assembly.kafka(), assembly.topics(), source.name())));
    }

    /** Brokers that did not answer once are not waited for again. */
    private <T> Asked<T> kafka(Supplier<T> question) {
        if (kafkaSilent.isPresent()) {
            return new Asked<>(Optional.empty(), kafkaSilent);
        }
        Asked<T> asked = Asked.of(question);
        kafkaSilent = asked.why().filter(fault -> fault.exitCode() == ExitCode.UNREACHABLE);
        return asked;
    }

    private static <T> T require(Asked<T> asked) {
        return asked.answer().orElseThrow(() -> asked.why().orElseThrow());
    }

    private DriftPolicy policy(TableId table) {
        return assembly.pipeline().drift(table.text());
    }

    private Place source(String name, Looked looked) {
        List<SourceTable> tables = require(looked.tables());
        dev.handover.capture.SourceConfig config = assembly.source(looked.source());
        SourceLog log = SourceLogs.of(config);
        List<Line> lines = new ArrayList<>(Forecast.prepared(log.missing(SourceTable.usable(tables))));
        Optional<CaptureState> state = looked.state().answer();
        String mark = log.mark().orElse("log");
        Optional<Line> obstacle =
                state.flatMap(known -> known.obstacle(config)).map(fault -> Line.conflict(mark, fault));
        obstacle.ifPresent(lines::add);
        boolean begun = state.map(CaptureState::begun).orElseGet(log::begun);
        if (!begun && obstacle.isEmpty() && log.mark().isPresent()) {
            lines.add(Line.of(Action.CREATE, mark, "capture reads the log from there"));
        }
        new Taps(assembly).planned(looked.source()).ifPresent(lines::add);
        looked.captured()
                .ifPresent(captured -> lines.addAll(Forecast.tables(captured, looked.live(), begun, this::policy)));
        Line calm = Line.of(Action.NOTHING, Forecast.count(tables.size(), "table"), "as capture knows them");
        return state.isPresent()
                ? Place.known(name, lines, calm)
                : new Place(name, lines, looked.state().why());
    }

    private Place kafka(String name, List<Looked> sources) {
        Map<String, NewTopic> wanted = new LinkedHashMap<>();
        Set<String> written = new TreeSet<>();
        for (Looked looked : sources) {
            Optional<CapturedTables> captured = looked.captured();
            if (captured.isEmpty()) {
                continue;
            }
            CaptureConfig config = assembly.captureConfig(looked.source());
            TopicLayout layout = new TopicLayout(config);
            Set<TableId> tables = new TreeSet<>(captured.get().known().keySet());
            tables.forEach(table -> written.add(assembly.topics().source(table)));
            tables.addAll(captured.get().fresh().keySet());
            layout.wanted(tables).forEach(topic -> wanted.put(topic.name(), topic));
            if (SourceLogs.of(config.source()).keepsSchemaHistory()) {
                NewTopic history = layout.history();
                wanted.put(history.name(), history);
                if (require(looked.state()).history()) {
                    written.add(history.name());
                }
            }
        }
        NewTopic mappings = assembly.versions().topic();
        wanted.put(mappings.name(), mappings);
        Map<String, Integer> found = require(kafka(() -> TopicLayout.found(assembly.kafka(), wanted.values())));
        List<Line> lines = Forecast.topics(wanted.values(), found, written);
        return Place.known(
                name,
                lines,
                Line.of(Action.NOTHING, Forecast.count(found.size(), "topic"), "as the pipeline needs them"));
    }

    private Place mappings(String name, List<Line> misfits) {
        VersionRules rules = require(kafka(() -> new MappingVersions(assembly).rules()));
        Map<String, Long> rows = Asked.of(this::rows).answer().orElse(Map.of());
        List<Line> lines = new ArrayList<>(misfits);
        lines.addAll(Forecast.versions(
                rules, table -> rows.containsKey(table) ? OptionalLong.of(rows.get(table)) : OptionalLong.empty()));
        return Place.known(name, lines, Line.of(Action.NOTHING, "mapping versions", "mean what they meant"));
    }

    private Map<String, Long> rows() {
        TargetDatabase target = assembly.target();
        Map<String, Long> rows = new HashMap<>();
        if (ControlTables.present(target)) {
            TargetStatus.read(target, assembly.clock(), Overview.LAG_WINDOW)
                    .tables()
                    .forEach(table -> rows.put(table.name(), table.rows()));
        }
        return rows;
    }

    /** What target tables will have to hold; a mapping that does not fit is a line of its own. */
    private List<TableSchema> targetSchemas(List<Looked> sources, List<Line> misfits) {
        List<TableSchema> schemas = new ArrayList<>();
        for (Looked looked : sources) {
            List<TableSchema> written = looked.captured()
                    .map(captured -> Forecast.written(captured, looked.live(), this::policy))
                    .orElse(List.of());
            for (TableSchema schema : written) {
                for (TableMapping mapping : assembly.mappings(schema.table())) {
                    try {
                        schemas.add(Mapper.bind(mapping, schema).target());
                    } catch (MappingMismatch mismatch) {
                        mismatch.problems().forEach(problem -> misfits.add(misfit(mapping, problem)));
                    }
                }
            }
        }
        schemas.sort(Comparator.comparing(TableSchema::table));
        return schemas;
    }

    private static Line misfit(TableMapping mapping, MappingMismatch.Problem problem) {
        return Line.of(
                Action.PARK,
                "mapping of " + mapping.source() + " to " + mapping.target().shortText(),
                "does not fit the table, whose changes become dead letters: column \"" + problem.column() + "\": "
                        + problem.fact(),
                "correct it under tables; all that does not fit is listed by: handover validate --live");
    }

    private Place target(String name, List<Looked> sources, List<TableSchema> schemas) {
        TargetDatabase target = assembly.target();
        TargetPlan plan = TargetPlan.read(target, schemas);
        List<Line> lines = new ArrayList<>(Forecast.target(plan));
        Optional<Fault> unknown =
                sources.stream().flatMap(looked -> looked.unknown().stream()).findFirst();
        List<SourceTable> tables = sources.stream()
                .flatMap(looked -> looked.live().values().stream())
                .toList();
        if (unknown.isEmpty() && ControlTables.present(target)) {
            lines.addAll(Forecast.constraints(plan, new Constraining(assembly).left(tables)));
        }
        boolean calm = lines.stream().noneMatch(Line::counts);
        if (calm && unknown.isEmpty()) {
            lines.add(
                    0, Line.of(Action.NOTHING, Forecast.count(plan.tables().size(), "table"), "ready for what comes"));
        }
        return new Place(name, lines, unknown);
    }
}
