package dev.handover.mapping.code;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What a map says of the codes that it does not hold. */
public sealed interface Unmapped {
    /** The translation of a code that the map does not hold, by its whole key as it was asked for. */
    Translation of(List<String> key);

    /** Nothing: such a code is unknown. */
    record Refused() implements Unmapped {
        private static final Translation UNKNOWN = new Translation.Unknown();

        @Override
        public Translation of(List<String> key) {
            return UNKNOWN;
        }
    }

    /** That the same code is to be used in the target system, and how it then compares. */
    record Provided(Relation relation) implements Unmapped {
        public Provided {
            Objects.requireNonNull(relation, "relation");
        }

        @Override
        public Translation of(List<String> key) {
            return key.get(0).isEmpty()
                    ? Refused.UNKNOWN
                    : new Translation.Fallback(Target.of(key.get(0), "", relation));
        }
    }

    /** That one code is to be used for all of them. */
    record Fixed(Target target) implements Unmapped {
        public Fixed {
            Objects.requireNonNull(target, "target");
        }

        @Override
        public Translation of(List<String> key) {
            return new Translation.Fallback(target);
        }
    }

    /**
     * That another map is to be asked.
     *
     * @param url of the other map
     * @param map the other map, when it is at hand; until then such a code is unknown
     */
    record OtherMap(String url, Optional<CodeMap> map) implements Unmapped {
        public OtherMap {
            Objects.requireNonNull(url, "url");
            Objects.requireNonNull(map, "map");
        }

        @Override
        public Translation of(List<String> key) {
            return map.map(other -> other.lookup(key)).orElse(Refused.UNKNOWN);
        }
    }
}
