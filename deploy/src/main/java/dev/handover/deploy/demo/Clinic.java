package dev.handover.deploy.demo;

import dev.handover.deploy.demo.Census.Reading;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * People at work in the legacy hospital: one action after the other, each in a transaction or a few, chosen by a seeded
 * generator. The same seed on the same rows writes the same rows in the same order; only the timing differs.
 *
 * <p>Holds at most two connections, the second only for actions that overlap, and gives them back on {@link #close}.
 * One thread calls {@link #step} or {@link #run}; {@link #stop} and the counters may be used by others.
 */
public final class Clinic implements AutoCloseable {
    private static final int LONG_ROWS = 500;

    private final DataSource source;
    private final LegacyEngine engine;
    private final int ratePerSecond;
    private final List<ClinicAction> deck;
    private final SplittableRandom random;
    private final AtomicLong transactions = new AtomicLong();
    private final AtomicLong rowChanges = new AtomicLong();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable Connection first;
    private @Nullable Connection second;
    private @Nullable Staff staff;

    private record Staff(Census census, Time time, FrontDesk desk, Ward ward) {}

    /** A clinic that does everything routine, about {@code ratePerSecond} row changes a second. */
    public Clinic(DataSource source, LegacyEngine engine, long seed, int ratePerSecond) {
        this(source, engine, seed, ratePerSecond, ClinicAction.routine());
    }

    /** A clinic that does only some things. */
    public Clinic(DataSource source, LegacyEngine engine, long seed, int ratePerSecond, Set<ClinicAction> actions) {
        if (ratePerSecond < 1) {
            throw new IllegalArgumentException("ratePerSecond must be 1 or more");
        }
        if (actions.isEmpty()) {
            throw new IllegalArgumentException("a clinic needs at least one action");
        }
        this.source = source;
        this.engine = engine;
        this.ratePerSecond = ratePerSecond;
        this.random = new SplittableRandom(seed);
        this.deck = EnumSet.copyOf(actions).stream()
                .flatMap(action -> Collections.nCopies(action.weight(), action).stream())
                .toList();
    }

    /** Transactions committed so far; those rolled back and those without a change do not count. */
    public long transactions() {
        return transactions.get();
    }

    /**
     * Rows inserted, updated and deleted by committed transactions so far, as the source's log holds them: an update of
     * a key is one change, a row changed twice is two, an update that changes nothing counts on PostgreSQL only.
     */
    public long rowChanges() {
        return rowChanges.get();
    }

    /** Ends {@link #run} after the action it is in. */
    public void stop() {
        stopped.countDown();
    }

    /**
     * Works until the time is over or {@link #stop} is called, not faster than the rate on average.
     *
     * @return row changes committed meanwhile
     * @throws DemoFault when the database refuses
     */
    public long run(Duration duration) throws InterruptedException {
        long begin = System.nanoTime();
        long end = begin + duration.toNanos();
        long done = 0;
        boolean open = stopped.getCount() > 0;
        while (open && System.nanoTime() < end) {
            done += step();
            long due = begin + done * TimeUnit.SECONDS.toNanos(1) / ratePerSecond;
            long pause = Math.min(due, end) - System.nanoTime();
            open = !stopped.await(Math.max(0, pause), TimeUnit.NANOSECONDS);
        }
        return done;
    }

    /**
     * Performs one action.
     *
     * @return row changes it committed
     * @throws DemoFault when the database refuses; the open transaction is rolled back
     */
    public int step() {
        ClinicAction action = deck.get(random.nextInt(deck.size()));
        try {
            Staff team = team();
            team.time().tick();
            return perform(team, action);
        } catch (SQLException fault) {
            abandon();
            throw new DemoFault("clinic action " + action, fault);
        }
    }

    private int perform(Staff team, ClinicAction action) throws SQLException {
        FrontDesk desk = team.desk();
        Ward ward = team.ward();
        boolean newcomer = !team.census().newcomers.isEmpty();
        return switch (action) {
            case REGISTER -> alone(desk::register);
            case VISIT -> alone(ward::visit);
            case LAB_BATCH -> alone(work -> ward.results(work, 10 + random.nextInt(31)));
            case CORRECT_RESULTS -> alone(ward::correct);
            case FIX_BIRTH_DATE -> alone(desk::fixBirthDate);
            case CHANGE_NAME -> alone(desk::changeName);
            case ADD_ALLERGY -> alone(ward::addAllergy);
            case REMOVE_ALLERGY -> alone(team.census().allergies.isEmpty() ? ward::addAllergy : ward::removeAllergy);
            case SETTLE_BILLS -> alone(ward::settle);
            case MERGE_PATIENTS -> alone(newcomer ? desk::merge : desk::register);
            case RENUMBER_PATIENT -> alone(newcomer ? desk::renumber : desk::register);
            case RENUMBER_ORDERS -> alone(ward::renumberOrders);
            case SWAP_SLOTS -> alone(desk::swapSlots);
            case SWAP_RECORD_NUMBERS -> alone(desk::swapRecordNumbers);
            case DELETE_AND_REINSERT -> deleteAndReinsert(team);
            case PURGE_READINGS -> alone(team.census().readings.isEmpty() ? ward::visit : ward::purge);
            case WRITE_DOCUMENT -> alone(ward::writeDocument);
            case ANNOTATE_DOCUMENT -> alone(ward::annotate);
            case UPSERT -> alone(desk::book);
            case TOUCH -> alone(ward::touch);
            case NOTHING -> alone(ward::nothing);
            case ROLL_BACK -> rollBack(desk);
            case ROLL_BACK_PART ->
                alone(work -> {
                    ward.addAllergy(work);
                    work.inVain(() -> desk.register(work));
                    ward.annotate(work);
                });
            case INTERLEAVE -> interleave(ward);
            case LONG_TRANSACTION -> alone(work -> ward.results(work, LONG_ROWS));
            case REFILE_DOCUMENT -> alone(ward::refile);
        };
    }

    private interface Task {
        void fill(Work work) throws SQLException;
    }

    private int alone(Task task) throws SQLException {
        Work work = new Work(one(), engine);
        task.fill(work);
        return committed(work.commit(), 1);
    }

    private int deleteAndReinsert(Staff team) throws SQLException {
        if (team.census().readings.isEmpty()) {
            return alone(team.ward()::visit);
        }
        Work work = new Work(one(), engine);
        Reading reading = team.ward().delete(work);
        int before = random.nextBoolean() ? committed(work.commit(), 1) : 0;
        team.ward().again(work, reading);
        return before + committed(work.commit(), 1);
    }

    private int rollBack(FrontDesk desk) throws SQLException {
        Work work = new Work(one(), engine);
        desk.register(work);
        work.rollback();
        return 0;
    }

    private int interleave(Ward ward) throws SQLException {
        return committed(ward.interleave(new Work(one(), engine), new Work(two(), engine)), 2);
    }

    private int committed(int rows, int count) {
        if (rows > 0) {
            transactions.addAndGet(count);
            rowChanges.addAndGet(rows);
        }
        return rows;
    }

    private Staff team() throws SQLException {
        Staff team = staff;
        if (team == null) {
            Census census = Census.take(one());
            Time time = new Time(census.now);
            FrontDesk desk = new FrontDesk(census, random, time);
            team = new Staff(census, time, desk, new Ward(census, random, time, desk));
            staff = team;
        }
        return team;
    }

    private Connection one() throws SQLException {
        Connection connection = first;
        if (connection == null) {
            connection = open();
            first = connection;
        }
        return connection;
    }

    private Connection two() throws SQLException {
        Connection connection = second;
        if (connection == null) {
            connection = open();
            second = connection;
        }
        return connection;
    }

    private Connection open() throws SQLException {
        Connection connection = source.getConnection();
        try (Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String setting : engine.sessionSettings()) {
                statement.execute(setting);
            }
            connection.commit();
            return connection;
        } catch (SQLException refused) {
            connection.close();
            throw refused;
        }
    }

    /** After a fault the connections and the census are given up; the next step starts from what the source holds. */
    private void abandon() {
        close(first);
        close(second);
        first = null;
        second = null;
        staff = null;
    }

    private static void close(@Nullable Connection connection) {
        if (connection == null) {
            return;
        }
        try (connection) {
            connection.rollback();
        } catch (SQLException gone) {
            // the server rolls back what a lost connection leaves
            return;
        }
    }

    /** Rolls back what is open and gives the connections back. */
    @Override
    public void close() {
        stop();
        abandon();
    }
}
