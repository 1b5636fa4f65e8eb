package dev.handover.deploy.cli;

import dev.handover.deploy.config.Durations;
import dev.handover.deploy.config.Suggestion;
import dev.handover.fault.ExitCode;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.TypeConversionException;

/** Finds the command that the words ask for, runs it, and prints its answer or its failure. */
public final class CommandTree {
    private static final String CODES = "codes";
    private static final List<String> SECTIONS = List.of(
            UsageMessageSpec.SECTION_KEY_DESCRIPTION,
            UsageMessageSpec.SECTION_KEY_FOOTER_HEADING,
            UsageMessageSpec.SECTION_KEY_FOOTER,
            UsageMessageSpec.SECTION_KEY_SYNOPSIS_HEADING,
            UsageMessageSpec.SECTION_KEY_SYNOPSIS,
            UsageMessageSpec.SECTION_KEY_COMMAND_LIST_HEADING,
            UsageMessageSpec.SECTION_KEY_COMMAND_LIST,
            UsageMessageSpec.SECTION_KEY_PARAMETER_LIST_HEADING,
            UsageMessageSpec.SECTION_KEY_PARAMETER_LIST,
            UsageMessageSpec.SECTION_KEY_OPTION_LIST_HEADING,
            UsageMessageSpec.SECTION_KEY_OPTION_LIST,
            CODES);

    private final Terminal terminal;
    private final Root root = new Root();
    private final CommandLine parser;

    /** The tree of those commands. */
    public CommandTree(Terminal terminal, List<Entry> commands) {
        this.terminal = terminal;
        this.parser = new CommandLine(root);
        commands.forEach(this::add);
        parser.setCaseInsensitiveEnumValuesAllowed(true);
        parser.registerConverter(Duration.class, CommandTree::duration);
        parser.setUsageHelpWidth(Math.max(80, Math.min(terminal.width(), 120)));
        shape(parser);
    }

    /**
     * A command and the noun that it belongs to.
     *
     * @param group the noun; empty for a command of its own
     * @param command an object with the parser's annotations
     */
    public record Entry(Optional<Group> group, dev.handover.deploy.cli.Command command) {
        /** A command of its own. */
        public static Entry of(dev.handover.deploy.cli.Command command) {
            return new Entry(Optional.empty(), command);
        }

        /** A command below a noun. */
        public static Entry of(Group group, dev.handover.deploy.cli.Command command) {
            return new Entry(Optional.of(group), command);
        }
    }

    /** Nouns with several commands. */
    public enum Group {
        /** The pipeline file. */
        CONFIG("The pipeline file: its schema."),
        /** What is moved. */
        TABLES("Tables: which there are, what becomes of them, and what they get after their load."),
        /** The initial load. */
        SNAPSHOT("Snapshots, loads of tables: how far they are, that they are to wait, that tables are loaded again."),
        /** What becomes of columns and values. */
        MAPPING("Mappings: what becomes of every column and value, and what was not understood."),
        /** What the sources look like. */
        SCHEMA("The schemas of the sources: their record, and what changed."),
        /** Comparing both ends. */
        RECON("Reconciliation: compare every row of source and target."),
        /** Rejected records. */
        DLQ("Dead letters: records that could not go on, and why.");

        private final String description;

        Group(String description) {
            this.description = description;
        }

        private String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Runs what the words ask for and prints its answer or its failure. Never throws. */
    public ExitCode run(List<String> words) {
        boolean debug = terminal.variable("HANDOVER_DEBUG").isPresent();
        CommandLine.ParseResult parsed;
        try {
            parsed = parser.parseArgs(words.toArray(String[]::new));
        } catch (CommandLine.ParameterException wrong) {
            return usage(new Faults(terminal.err(), format(words), debug), wrong);
        }
        Faults faults = new Faults(terminal.err(), root.flags.output(), debug || root.flags.verbosity() > 1);
        try {
            return run(parsed, faults);
        } catch (RuntimeException | StackOverflowError failed) {
            return faults.print(failed);
        }
    }

    private ExitCode run(CommandLine.ParseResult parsed, Faults faults) {
        List<CommandLine> chain = parsed.asCommandLineList();
        CommandLine last = chain.get(chain.size() - 1);
        if (root.help || chain.size() == 1) {
            last.usage(terminal.out(), CommandLine.Help.Ansi.OFF);
            return ExitCode.DONE;
        }
        CommandLine telling = last.getSubcommands().get("list");
        if (telling == null) {
            telling = last.getSubcommands().get("status");
        }
        if (telling != null) {
            last = telling; // a noun alone lists, or tells its status
        }
        if (last.getCommandSpec().userObject() instanceof dev.handover.deploy.cli.Command command) {
            Session session = new Session(terminal, root.flags);
            Answer answer = command.run(session);
            session.print(answer);
            return answer.exitCode();
        }
        return faults.usage(
                "'" + last.getCommandSpec().qualifiedName(" ") + "' needs a further word",
                "one of: " + String.join(", ", last.getSubcommands().keySet()));
    }

    private void add(Entry entry) {
        CommandLine below = entry.group().map(this::group).orElse(parser);
        below.addSubcommand(entry.command());
    }

    private CommandLine group(Group group) {
        CommandLine known = parser.getSubcommands().get(group.word());
        if (known != null) {
            return known;
        }
        CommandSpec spec = CommandSpec.create().name(group.word());
        spec.usageMessage().description(group.description).footerHeading("");
        parser.addSubcommand(new CommandLine(spec));
        return Objects.requireNonNull(parser.getSubcommands().get(group.word()));
    }

    /** The same order of sections in the help of every command. */
    private static void shape(CommandLine command) {
        UsageMessageSpec usage = command.getCommandSpec().usageMessage();
        if (usage.footer().length > 0) {
            usage.footerHeading("%nExamples%n");
        }
        usage.synopsisHeading("%nUsage: ")
                .commandListHeading("%nCommands%n")
                .parameterListHeading("%nWords%n")
                .optionListHeading("%nFlags%n")
                .sectionKeys(SECTIONS);
        usage.sectionMap().put(CODES, help -> String.format("%nExit codes: handover help exit-codes%n"));
        command.getSubcommands().values().forEach(CommandTree::shape);
    }

    private static ExitCode usage(Faults faults, CommandLine.ParameterException wrong) {
        CommandLine command = wrong.getCommandLine();
        String name = command.getCommandSpec().qualifiedName(" ");
        if (wrong instanceof CommandLine.UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String word = unmatched.getUnmatched().get(0);
            boolean flag = word.startsWith("-");
            Collection<String> known = flag
                    ? command.getCommandSpec().optionsMap().keySet()
                    : command.getSubcommands().keySet();
            String kind = flag ? "flag" : known.isEmpty() ? "word" : "command";
            return faults.usage(
                    "unknown " + kind + " '" + word + "'",
                    Suggestion.of(word, known)
                            .map(near -> "did you mean '" + near + "'?")
                            .orElse("see: " + name + " --help"));
        }
        return faults.usage(String.valueOf(wrong.getMessage()), "see: " + name + " --help");
    }

    /** The format that the words ask for, when they are too wrong to be parsed. */
    private static Format format(List<String> words) {
        String joined = " " + String.join(" ", words) + " ";
        return joined.matches(".* (-o ?|-o=|--output[= ])json .*") ? Format.JSON : Format.PLAIN;
    }

    private static Duration duration(String text) {
        try {
            return Durations.parse(text);
        } catch (IllegalArgumentException wrong) {
            throw new TypeConversionException(String.valueOf(wrong.getMessage()));
        }
    }

    /** The word {@code handover} itself. */
    @Command(
            name = "handover",
            description = "Move a live clinical record database to the cloud and prove that every row arrived.",
            footer = {
                "  handover validate -c pipeline.yaml    check a pipeline file, offline",
                "  handover help config                  what belongs in a pipeline file"
            })
    private static final class Root {
        @Mixin
        private final GlobalFlags flags = new GlobalFlags();

        @Option(
                names = {"-h", "--help"},
                scope = ScopeType.INHERIT,
                usageHelp = true,
                description = "explain a command")
        private boolean help;
    }
}
