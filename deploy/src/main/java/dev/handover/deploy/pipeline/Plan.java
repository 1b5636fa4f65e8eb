package dev.handover.deploy.pipeline;

import dev.handover.fault.Fault;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** What {@code run} would create or change as the world is now, place by place. */
public record Plan(List<Place> places) {
    public Plan {
        places = List.copyOf(places);
    }

    /** What becomes of something. */
    public enum Action {
        /** It is as it should be. */
        NOTHING,
        /** It is made. */
        CREATE,
        /** It is altered, or goes on in another way. */
        CHANGE,
        /** Its rows are read at the source. */
        LOAD,
        /** Its rows are made anew from its change log. */
        SEND_AGAIN,
        /** Its changes do not reach the target; all others go on. */
        PARK,
        /** {@code run} is refused, or does not go on, until somebody has decided. */
        CONFLICT;

        /** As in output: {@code create}, {@code send again}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** Which command does it. */
    public enum By {
        RUN("run"),
        /** After the load, and when somebody asks for it; not part of what is to be done before. */
        CONSTRAIN("tables constrain");

        private final String text;

        By(String text) {
            this.text = text;
        }

        /** The command's words. */
        public String text() {
            return text;
        }
    }

    /**
     * One thing.
     *
     * @param object what, in a few words: {@code table clinical.patient}
     * @param detail the fact, or the change; never a value of a row
     * @param fix what a person should do; empty where nothing needs to be done
     */
    public record Line(Action action, String object, String detail, String fix, By by) {
        public Line {
            Objects.requireNonNull(action, "action");
            Objects.requireNonNull(object, "object");
            Objects.requireNonNull(detail, "detail");
            Objects.requireNonNull(fix, "fix");
            Objects.requireNonNull(by, "by");
        }

        static Line of(Action action, String object, String detail) {
            return new Line(action, object, detail, "", By.RUN);
        }

        static Line of(Action action, String object, String detail, String fix) {
            return new Line(action, object, detail, fix, By.RUN);
        }

        static Line conflict(String object, Fault fault) {
            return of(Action.CONFLICT, object, String.valueOf(fault.getMessage()), fault.hint());
        }

        /** Whether {@code run} finds something to do here, or cannot. */
        public boolean counts() {
            return action != Action.NOTHING && by == By.RUN;
        }
    }

    /**
     * One system.
     *
     * @param name {@code source pas}, {@code kafka}, {@code mappings}, {@code target cloud}
     * @param lines each said once
     * @param unknown why not all of it is known, where it is not
     */
    public record Place(String name, List<Line> lines, Optional<Fault> unknown) {
        public Place {
            Objects.requireNonNull(name, "name");
            lines = List.copyOf(new LinkedHashSet<>(lines));
            Objects.requireNonNull(unknown, "unknown");
        }

        /** All of it is known; where nothing is to be done, {@code calm} says so. */
        static Place known(String name, List<Line> lines, Line calm) {
            return new Place(name, lines.isEmpty() ? List.of(calm) : lines, Optional.empty());
        }

        static Place unknown(String name, Fault why) {
            return new Place(name, List.of(), Optional.of(why));
        }
    }

    /** How many lines of an action {@code run} is concerned with. */
    public int count(Action action) {
        return (int) lines().filter(line -> line.action() == action && line.by() == By.RUN)
                .count();
    }

    private Stream<Line> lines() {
        return places.stream().flatMap(place -> place.lines().stream());
    }

    /** Whether it is certain that {@code run} would create and change nothing. */
    public boolean empty() {
        return places.stream().allMatch(place -> place.unknown().isEmpty()) && lines().noneMatch(Line::counts);
    }

    /** Why nothing at all is known; empty where something is. */
    public Optional<Fault> nothingKnown() {
        boolean nothing = places.stream()
                .allMatch(place -> place.unknown().isPresent() && place.lines().isEmpty());
        return nothing
                ? places.stream().flatMap(place -> place.unknown().stream()).findFirst()
                : Optional.empty();
    }

    /** What makes sense now; nothing where somebody has to decide first. */
    public Optional<Overview.Next> next() {
        if (places.stream().anyMatch(place -> place.unknown().isPresent())) {
            return Optional.of(new Overview.Next("handover doctor", "see why a system does not answer"));
        }
        if (count(Action.CONFLICT) > 0) {
            return Optional.of(new Overview.Next("handover doctor", "run is refused as it is; see every remedy"));
        }
        if (count(Action.PARK) > 0) {
            return Optional.of(new Overview.Next("handover schema diff", "a table stands still, or will"));
        }
        if (!empty()) {
            return Optional.of(new Overview.Next("handover run", "it does what is listed here"));
        }
        return lines().anyMatch(line -> line.by() == By.CONSTRAIN)
                ? Optional.of(new Overview.Next(
                        "handover tables constrain --dry-run", "defaults, indexes and foreign keys are not all there"))
                : Optional.empty();
    }
}
