package dev.handover.transform.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a member of the group misses among the topics that there are. */
class ReturningConsumerTest {
    @ParameterizedTest
    @CsvSource(
            value = {
                "note visit, note-0 visit-0,        ''",
                "note visit, note-0 note-1,         visit",
                "note visit, note-0 visit-1 note-1, ''",
                "note visit, '',                    ''",
                "'',         '',                    ''",
                "note,       note-0 gone-0,         ''",
            })
    void aMemberWithATaskMissesTheTopicsOfWhichItHasNoPartition(String present, String assigned, String leftOut) {
        Set<TopicPartition> partitions = words(assigned)
                .map(word -> word.split("-"))
                .map(parts -> new TopicPartition(parts[0], Integer.parseInt(parts[1])))
                .collect(Collectors.toSet());

        assertThat(ReturningConsumer.leftOut(words(present).collect(Collectors.toSet()), partitions))
                .isEqualTo(words(leftOut).collect(Collectors.toCollection(TreeSet::new)));
    }

    private static Stream<String> words(String text) {
        return Stream.of(text.split(" ")).filter(word -> !word.isEmpty());
    }
}
