package dev.handover.deploy.cli;

import dev.handover.capture.check.Check;
import dev.handover.capture.check.Check.Level;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.deploy.pipeline.Examination;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code handover doctor}: looks at the world and names the remedy. */
@Command(
        name = "doctor",
        description = "Check all that the pipeline depends on, name each remedy, change nothing.",
        footer = {
            "  handover doctor                        exit 0 when nothing failed, else 3",
            "  handover doctor --source pas           of the sources only this one",
            "  handover doctor -o json                every check as a document"
        })
final class DoctorCommand implements dev.handover.deploy.cli.Command {
    @Option(names = "--source", paramLabel = "NAME", description = "of the sources only this one")
    private @Nullable String source;

    /** The document's data. */
    record Diagnosis(int failed, int warnings, List<Examined> systems) {}

    /** One system. */
    record Examined(String system, List<Line> checks) {}

    /** One check. */
    record Line(String level, String subject, String fact, String fix) {}

    @Override
    public Answer run(Session session) {
        Assembly assembly = Pipelines.assembly(session);
        Optional<String> only = Optional.ofNullable(source);
        only.filter(name -> assembly.pipeline().source(name).isEmpty()).ifPresent(name -> {
            throw Fault.of(
                    ExitCode.USAGE,
                    "source-unknown",
                    "the pipeline has no source of that name",
                    "its sources are: "
                            + String.join(
                                    ", ",
                                    assembly.pipeline().sources().stream()
                                            .map(each -> each.name())
                                            .toList()));
        });
        return answer(new Examination(assembly).run(only));
    }

    static Answer answer(List<Examination.Part> parts) {
        List<Examined> systems = parts.stream()
                .map(part -> new Examined(
                        part.system(),
                        part.checks().stream()
                                .map(check ->
                                        new Line(check.level().text(), check.subject(), check.fact(), check.fix()))
                                .toList()))
                .toList();
        int failed = count(parts, Level.FAIL);
        int warnings = count(parts, Level.WARN);
        Answer answer = Answer.of("Doctor", new Diagnosis(failed, warnings, systems));
        for (Examination.Part part : parts) {
            answer = answer.lines(lines(part).toArray(String[]::new));
        }
        answer = answer.lines(failed + " failed, " + warnings + (warnings == 1 ? " warning" : " warnings")
                + ". Nothing was changed.");
        return failed > 0 ? answer.exit(ExitCode.NO) : answer;
    }

    private static List<String> lines(Examination.Part part) {
        List<String> lines = new ArrayList<>();
        lines.add(part.system());
        for (Check check : part.checks()) {
            String word = check.level() == Level.FAIL ? "FAIL" : check.level().text();
            lines.add(String.format("  %-4s  %s: %s", word, check.subject(), check.fact()));
            if (!check.fix().isEmpty()) {
                lines.add("        fix:  " + check.fix());
            }
        }
        return lines;
    }

    private static int count(List<Examination.Part> parts, Level level) {
        return (int) parts.stream()
                .flatMap(part -> part.checks().stream())
                .filter(check -> check.level() == level)
                .count();
    }
}
