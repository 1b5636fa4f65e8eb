package dev.handover.deploy.cli;

import dev.handover.deploy.config.ConfigReference;
import dev.handover.deploy.config.Suggestion;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code handover help}: commands, and topics that belong to no single command. */
@Command(
        name = "help",
        description = "Explain a command or a topic: config, environment, exit-codes, output, safety.",
        footer = {"  handover help exit-codes", "  handover help validate"})
final class HelpCommand implements dev.handover.deploy.cli.Command {
    /** Topics in the order of the list. */
    static final List<String> TOPICS = List.of("config", "environment", "exit-codes", "output", "safety");

    /** The document's data. */
    record Help(String topic, String text) {}

    @Spec
    @SuppressWarnings("NullAway.Init") // the parser sets it before it calls run
    private CommandSpec spec;

    @Parameters(paramLabel = "TOPIC", arity = "0..*", description = "a topic, or the words of a command")
    private @Nullable List<String> asked;

    @Override
    public Answer run(Session session) {
        List<String> words = asked == null ? List.of() : asked;
        if (words.size() == 1 && TOPICS.contains(words.get(0))) {
            return help(words.get(0), topic(words.get(0)));
        }
        CommandLine command = spec.root().commandLine();
        for (String word : words) {
            CommandLine next = command.getSubcommands().get(word);
            if (next == null) {
                throw unknown(word, command);
            }
            command = next;
        }
        return help(String.join(" ", words), command.getUsageMessage(CommandLine.Help.Ansi.OFF));
    }

    private static Answer help(String topic, String text) {
        return Answer.of("Help", new Help(topic, text)).lines(text.split("\\R"));
    }

    private static Fault unknown(String word, CommandLine command) {
        var known = new TreeSet<>(command.getSubcommands().keySet());
        known.addAll(TOPICS);
        return Fault.of(
                ExitCode.USAGE,
                "usage",
                "no help on '" + word + "'",
                Suggestion.of(word, known)
                        .map(near -> "did you mean '" + near + "'?")
                        .orElse("there is help on: " + String.join(", ", known)));
    }

    private static String topic(String topic) {
        try (InputStream in = HelpCommand.class.getResourceAsStream("help/" + topic + ".txt")) {
            if (in == null) {
                throw new IllegalStateException("no text on a topic");
            }
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return topic.equals("config") ? text + keys() : text;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("a help text", unreadable);
        }
    }

    private static String keys() {
        StringBuilder keys = new StringBuilder();
        for (ConfigReference.Entry entry : ConfigReference.entries()) {
            String absent = entry.absent().isEmpty() || entry.absent().equals("required")
                    ? entry.absent()
                    : "default " + entry.absent();
            keys.append("  ")
                    .append(entry.path())
                    .append("   ")
                    .append(entry.type())
                    .append(absent.isEmpty() ? "" : ", " + absent)
                    .append("\n      ")
                    .append(entry.meaning())
                    .append('\n');
        }
        return keys.toString();
    }
}
