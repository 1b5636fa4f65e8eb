package dev.handover.capture.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.handover.capture.load.PostgresChunks.Extent;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresChunksTest {
    private static final int PAGE_BYTES = 8192;
    private static final long BYTES_MAX = 256L << 20;

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
            empty                                | 0             | 50     | 8192  | 0           | 2000
            of one page                          | 1             | 3      | 8192  | 0           | 32768
            small: one chunk                     | 900           | 100    | 8192  | 0           | 1000
            ordinary: chunks of 100,000 rows     | 20000         | 100    | 8192  | 0           | 1000
            the last with so small chunks        | 64000         | 100    | 8192  | 0           | 1000
            larger: 64 chunks                    | 128000        | 100    | 8192  | 0           | 2000
            the first with the largest chunks    | 160000        | 100    | 8192  | 0           | 2500
            huge: chunks of 250,000 rows         | 1000000000    | 100    | 8192  | 0           | 2500
            as large as a table can be           | 4294967295    | 291    | 8192  | 0           | 859
            one wide row a page                  | 20000         | 1      | 8192  | 0           | 32768
            more pages than rows                 | 20000         | 0.001  | 8192  | 0           | 32768
            pages of 32 KiB                      | 20000         | 1      | 32768 | 0           | 8192
            pages of 1 KiB                       | 20000         | 1      | 1024  | 0           | 100000
            little out of line: no difference    | 20000         | 100    | 8192  | 320000000   | 1000
            half of a chunk's may be out of line | 20000         | 100    | 8192  | 671088640   | 500
            nearly all is out of line            | 20000         | 100    | 8192  | 90000000000 | 3
            more than fits, a page               | 2             | 100    | 8192  | 90000000000 | 1
            statistics of another time           | 10            | 1e9    | 8192  | 0           | 1
            """)
    void aChunkHasSoManyPages(
            String table, long ofTable, double rowsAPage, int pageBytes, long outOfLineBytes, long pages) {
        assertThat(PostgresChunks.pages(new Extent(ofTable, pageBytes, rowsAPage, outOfLineBytes), 100_000))
                .isEqualTo(pages);
    }

    @Test
    void aChunkIsNeverEmptyNorTooLargeAndNoTableHasVeryManyUnlessItsRowsAreWide() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            long ofTable = random.nextLong() >>> random.nextInt(32, 64);
            double rowsAPage = Math.exp(random.nextDouble(-8, 8));
            long pages = PostgresChunks.pages(new Extent(ofTable, PAGE_BYTES, rowsAPage, 0), 100_000);
            assertThat(pages).isPositive();
            assertThat(pages * PAGE_BYTES).isLessThanOrEqualTo(BYTES_MAX);
            assertThat(pages == 1 || pages * rowsAPage <= 250_000)
                    .as("at most so many rows: %d pages, %f rows a page", ofTable, rowsAPage)
                    .isTrue();
            long chunks = (ofTable + pages - 1) / pages;
            long byBytes = ofTable * PAGE_BYTES / BYTES_MAX;
            long byRows = (long) (ofTable * rowsAPage / 250_000);
            assertThat(chunks)
                    .as("chunks of %d pages, %f rows a page", ofTable, rowsAPage)
                    .isLessThanOrEqualTo(70 + 2 * Math.max(byBytes, byRows));
        }
    }
}
