package dev.handover.deploy.cli;

import dev.handover.fault.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What one command line did. */
record Ran(ExitCode exit, String out, String err) {
    static Ran of(String line, Map<String, String> environment, Terminal.People people, Command... more) {
        return of(line.isBlank() ? List.of() : List.of(line.strip().split("\\s+")), environment, people, more);
    }

    /** Words that may hold spaces, watched by nobody. */
    static Ran of(String[] words, Map<String, String> environment) {
        return of(List.of(words), environment, Terminal.People.none());
    }

    private static Ran of(
            List<String> words, Map<String, String> environment, Terminal.People people, Command... more) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var terminal =
                new Terminal(InputStream.nullInputStream(), print(out), print(err), people, 100, 20, environment);
        List<CommandTree.Entry> commands = new ArrayList<>(Main.commands());
        List.of(more).forEach(command -> commands.add(CommandTree.Entry.of(command)));
        ExitCode exit = new CommandTree(terminal, commands).run(words);
        return new Ran(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Both streams, for a golden file. */
    String text() {
        return "exit " + exit.number() + "\n--- stdout\n" + out + "--- stderr\n" + err;
    }

    static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
