package dev.handover.deploy.cli;

import dev.handover.fault.ExitCode;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Where the process begins and ends, and the only place that touches its streams, environment and exit. */
public final class Main {
    private Main() {}

    /** Runs one command and exits with its code. */
    public static void main(String[] arguments) {
        ExitCode code = new CommandTree(terminal(), commands()).run(List.of(arguments));
        System.exit(code.number());
    }

    static List<CommandTree.Entry> commands() {
        List<CommandTree.Entry> commands = new ArrayList<>(List.of(
                CommandTree.Entry.of(new DemoCommand()),
                CommandTree.Entry.of(new BenchCommand()),
                CommandTree.Entry.of(new InitCommand()),
                CommandTree.Entry.of(new ValidateCommand()),
                CommandTree.Entry.of(new DoctorCommand()),
                CommandTree.Entry.of(new PlanCommand()),
                CommandTree.Entry.of(new RunCommand()),
                CommandTree.Entry.of(new StatusCommand()),
                CommandTree.Entry.of(CommandTree.Group.CONFIG, new ConfigSchemaCommand()),
                CommandTree.Entry.of(new VersionCommand()),
                CommandTree.Entry.of(new HelpCommand())));
        ReconCommands.all().forEach(command -> commands.add(CommandTree.Entry.of(CommandTree.Group.RECON, command)));
        TablesCommands.all().forEach(command -> commands.add(CommandTree.Entry.of(CommandTree.Group.TABLES, command)));
        SnapshotCommands.all()
                .forEach(command -> commands.add(CommandTree.Entry.of(CommandTree.Group.SNAPSHOT, command)));
        MappingCommands.all()
                .forEach(command -> commands.add(CommandTree.Entry.of(CommandTree.Group.MAPPING, command)));
        SchemaCommands.all().forEach(command -> commands.add(CommandTree.Entry.of(CommandTree.Group.SCHEMA, command)));
        DlqCommands.all().forEach(command -> commands.add(CommandTree.Entry.of(CommandTree.Group.DLQ, command)));
        return commands;
    }

    private static Terminal terminal() {
        // without the launcher nobody is known to watch, and output is plain
        var people =
                Terminal.People.parse(System.getProperty("handover.tty", "")).orElse(Terminal.People.none());
        return new Terminal(
                System.in,
                utf8(FileDescriptor.out),
                utf8(FileDescriptor.err),
                people,
                number("handover.columns", 80),
                number("handover.lines", 24),
                System.getenv());
    }

    private static int number(String property, int otherwise) {
        Integer value = Integer.getInteger(property);
        return value == null || value < 20 ? otherwise : value;
    }

    private static PrintStream utf8(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }
}
