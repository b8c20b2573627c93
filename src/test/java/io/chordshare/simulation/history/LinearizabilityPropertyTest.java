package io.chordshare.simulation.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The checker against the definition, and on histories whose verdict is known from how they were made. */
class LinearizabilityPropertyTest {

    private static final int MOST_PERMUTED = 6;
    private static final int LATEST = 24;
    private static final int LARGE = 300;
    private static final long STEPS_OF_RIGHT = 200_000;
    private static final long STEPS_OF_WRONG = 50_000;
    private static final long STEPS_OF_WRONG_WITH_UNKNOWN = 2_000_000;

    @Property(tries = 5000)
    void small_histories_are_judged_as_every_order_tried_out_says(@ForAll("small") List<Operation> operations) {
        Verdict verdict = Linearizability.check(operations, null);
        boolean right = Permutations.oneExplains(operations, null);
        Statistics.label("verdict").collect(right).coverage(coverage -> {
            coverage.check(true).percentage(percent -> percent > 15);
            coverage.check(false).percentage(percent -> percent > 15);
        });
        if (right) {
            assertThat(verdict).isInstanceOfSatisfying(Verdict.Linearizable.class,
                    fine -> assertThat(Permutations.explains(fine.order(), operations, null)).isTrue());
        } else {
            assertThat(verdict).isInstanceOf(Verdict.Violation.class);
        }
    }

    @Provide
    Arbitrary<List<Operation>> small() {
        Arbitrary<String> tags = Arbitraries.of("A", "B", "C");
        Arbitrary<Condition> conditions = Arbitraries.oneOf(Arbitraries.of(Condition.Plain.values()),
                tags.map(Condition.IfValue::new));
        Arbitrary<Request> requests = Arbitraries.oneOf(Arbitraries.just(new Request.Get()),
                Combinators.combine(tags, conditions).as(Request.Put::new), conditions.map(Request.Delete::new));
        Arbitrary<Operation> operations = Combinators.combine(requests, tags, Arbitraries.integers().between(0, 99),
                Arbitraries.integers().between(0, LATEST), Arbitraries.integers().between(0, LATEST / 2))
                .as((asked, tag, outcome, invoked, length) -> new Operation(0, AtomicHistory.NAME, asked, invoked,
                        (long) invoked + length, outcome(asked, tag, outcome)));
        return operations.list().ofMinSize(2).ofMaxSize(MOST_PERMUTED);
    }

    /** One that the request can have; most operations of most histories succeed. */
    private static Outcome outcome(Request asked, String tag, int percent) {
        if (percent < 20) {
            return Outcome.Plain.UNKNOWN;
        }
        if (percent < 25) {
            return Outcome.Plain.FAILED;
        }
        return switch (asked) {
            case Request.Get get -> percent < 40 ? Outcome.Plain.NOT_FOUND : new Outcome.Found(tag);
            case Request.Put put -> percent < 40 && put.condition() != Condition.Plain.ALWAYS
                    ? Outcome.Plain.CONDITION_FAILED : Outcome.Plain.DONE;
            case Request.Delete delete -> percent < 40 && delete.condition() != Condition.Plain.ALWAYS
                    ? Outcome.Plain.CONDITION_FAILED : percent < 70 ? Outcome.Plain.NOT_FOUND : Outcome.Plain.DONE;
        };
    }

    @Property(tries = 1000)
    void what_ran_atomically_is_accepted_with_an_order_that_explains_it(@ForAll long seed,
            @ForAll @IntRange(min = 1, max = 60) int size, @ForAll @IntRange(min = 1, max = 8) int clients,
            @ForAll @IntRange(max = 40) int unknownPercent) {
        List<Operation> operations = AtomicHistory.of(seed, size, clients, unknownPercent);
        assertThat(Linearizability.check(operations, null)).isInstanceOfSatisfying(Verdict.Linearizable.class,
                fine -> assertThat(Permutations.explains(fine.order(), operations, null)).isTrue());
    }

    @Property(tries = 1000)
    void a_read_of_a_value_that_was_not_current_in_its_interval_is_refused(@ForAll long seed,
            @ForAll @IntRange(min = 20, max = 60) int size, @ForAll @IntRange(min = 1, max = 8) int clients,
            @ForAll @IntRange(max = 20) int unknownPercent) {
        List<Operation> operations = AtomicHistory.of(seed, size, clients, unknownPercent);
        int read = anyRead(operations, new Random(seed), 0);
        Statistics.label("has a read").collect(read >= 0).coverage(coverage -> coverage.check(true)
                .percentage(percent -> percent > 90));
        if (read < 0) {
            return;
        }
        List<String> wrong = new ArrayList<>(List.of("never written"));
        wrong.addAll(replacedBefore(operations, operations.get(read)));
        wrong.addAll(writtenAfter(operations, operations.get(read)));
        Statistics.label("values to try").collect(Math.min(wrong.size(), 3)).coverage(coverage ->
                coverage.check(3).percentage(percent -> percent > 50));
        for (String value : wrong) {
            assertThat(Linearizability.check(with(operations, read, value), null)).as(value)
                    .isInstanceOf(Verdict.Violation.class);
        }
    }

    /** The position of a read that was answered, from this position on if there is one; else -1. */
    private static int anyRead(List<Operation> operations, Random random, int from) {
        List<Integer> reads = new ArrayList<>();
        for (int i = from; i < operations.size(); i++) {
            if (operations.get(i).asked() instanceof Request.Get && operations.get(i).isCertain()) {
                reads.add(i);
            }
        }
        return reads.isEmpty() ? -1 : reads.get(random.nextInt(reads.size()));
    }

    private static List<Operation> with(List<Operation> operations, int read, String found) {
        List<Operation> changed = new ArrayList<>(operations);
        Operation one = operations.get(read);
        changed.set(read, new Operation(one.client(), one.name(), one.asked(), one.invoked(), one.returned(),
                new Outcome.Found(found)));
        return changed;
    }

    /** Values whose only write had returned before another write was invoked, which returned before the read. */
    private static List<String> replacedBefore(List<Operation> operations, Operation read) {
        List<String> values = new ArrayList<>();
        for (Operation old : operations) {
            if (old.outcome() == Outcome.Plain.DONE && old.asked() instanceof Request.Put put
                    && operations.stream().anyMatch(newer -> newer.outcome() == Outcome.Plain.DONE
                            && old.returned() < newer.invoked() && newer.returned() < read.invoked())) {
                values.add(put.value());
            }
        }
        return values;
    }

    private static List<String> writtenAfter(List<Operation> operations, Operation read) {
        List<String> values = new ArrayList<>();
        for (Operation later : operations) {
            if (later.asked() instanceof Request.Put put && read.returned() < later.invoked()) {
                values.add(put.value());
            }
        }
        return values;
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 30})
    void three_hundred_right_operations_of_ten_clients_need_few_steps(int unknownPercent) {
        for (long seed = 0; seed < 100; seed++) {
            Verdict right = Linearizability.check(AtomicHistory.of(seed, LARGE, 10, unknownPercent), null);
            assertThat(right).as("seed " + seed).isInstanceOf(Verdict.Linearizable.class);
            assertThat(right.steps()).as("seed " + seed).isLessThan(STEPS_OF_RIGHT);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, " + STEPS_OF_WRONG, "10, " + STEPS_OF_WRONG_WITH_UNKNOWN})
    void a_stale_read_at_the_end_of_three_hundred_operations_is_refused_in_time(int unknownPercent, long mostSteps) {
        for (long seed = 0; seed < 10; seed++) {
            Verdict wrong = Linearizability.check(withStaleRead(seed, unknownPercent), null);
            assertThat(wrong).as("seed " + seed).isInstanceOf(Verdict.Violation.class);
            assertThat(wrong.steps()).as("seed " + seed).isLessThan(mostSteps);
        }
    }

    @Test
    void a_wrong_history_with_many_unknown_writes_is_refused_or_given_up_but_never_accepted() {
        for (long seed = 0; seed < 20; seed++) {
            Verdict wrong = Linearizability.check(withStaleRead(seed, 30), null, STEPS_OF_RIGHT);
            assertThat(wrong).as("seed " + seed).isNotInstanceOf(Verdict.Linearizable.class);
        }
    }

    /** As late as possible, so that the search has everything before it to go back to. */
    private static List<Operation> withStaleRead(long seed, int unknownPercent) {
        List<Operation> operations = AtomicHistory.of(seed, LARGE, 10, unknownPercent);
        int read = anyRead(operations, new Random(seed), LARGE - 30);
        return with(operations, read, replacedBefore(operations, operations.get(read)).getLast());
    }

    @Test
    void the_same_history_takes_the_same_steps() {
        List<Operation> operations = AtomicHistory.of(7, 300, 10, 10);
        assertThat(Linearizability.check(operations, null)).isEqualTo(Linearizability.check(operations, null));
    }
}
