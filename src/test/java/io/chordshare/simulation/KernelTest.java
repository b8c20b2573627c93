package io.chordshare.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.PeerCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What tasks can rely on, and which errors fail a run immediately instead of making it unrepeatable. */
class KernelTest {

    private final Simulation world = new Simulation(1);
    private final SimulatedNode node = world.start();
    private final List<String> seen = new ArrayList<>();

    @ParameterizedTest
    @EnumSource(Simulation.Tasks.class)
    void tasks_sleep_in_virtual_time_and_wake_in_order(Simulation.Tasks tasks) {
        Simulation other = new Simulation(1, 4, tasks);
        SimulatedNode there = other.start();
        for (int millis : List.of(30, 10, 20)) {
            there.start("sleeper", () -> {
                there.sleep(Duration.ofMillis(millis));
                seen.add(millis + " at " + other.now().toMillis());
            });
        }
        other.run(Duration.ofHours(1));
        assertThat(seen).containsExactly("10 at 10", "20 at 20", "30 at 30");
        assertThat(other.now()).isEqualTo(Duration.ofHours(1));
    }

    @Test
    void a_task_that_waits_for_anything_but_the_runtime_fails_the_run_and_shows_where() {
        node.start("sleeper", KernelTest::sleepForReal);
        assertThatExceptionOfType(SimulationFailure.class).isThrownBy(() -> world.run(Duration.ofSeconds(1)))
                .withMessageContaining("outside of the runtime port")
                .satisfies(failure -> assertThat(failure.getCause().getStackTrace())
                        .anyMatch(frame -> frame.getMethodName().equals("sleepForReal")));
    }

    private static void sleepForReal() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @EnumSource(Simulation.Tasks.class)
    void a_bug_in_a_task_fails_the_run_and_tells_how_to_repeat_it(Simulation.Tasks tasks) {
        Simulation other = new Simulation(77, 4, tasks);
        other.start().start("buggy", () -> {
            throw new IllegalStateException("oops");
        });
        assertThatExceptionOfType(SimulationFailure.class).isThrownBy(() -> other.run(Duration.ofSeconds(1)))
                .withMessageContaining("oops")
                .withMessageContaining("-Dchordshare.seed=" + other.seed())
                .withMessageContaining("-Dtest='KernelTest#a_bug_in_a_task_fails_the_run_and_tells_how_to_repeat_it'")
                .withMessageContaining("STARTED")
                .withMessageMatching("(?s).*commit ([0-9a-f]{40}|unknown).*");
    }

    @Test
    void what_an_observer_finds_fails_the_run_though_the_ring_survives_any_exception() {
        world.observe(new Observer() {
            @Override
            public void changed(SimulatedNode changed, RingState before, RingState after) {
                throw new AssertionError("breach");
            }
        });
        assertThatExceptionOfType(SimulationFailure.class).isThrownBy(() -> world.run(Duration.ofSeconds(5)))
                .withMessageContaining("breach");
    }

    @Test
    void nothing_of_a_crashed_process_runs_again_not_even_a_finally() {
        node.start("careful", () -> {
            try {
                node.sleep(Duration.ofMillis(10));
                seen.add("went on");
            } finally {
                seen.add("finally");
            }
        });
        world.run(Duration.ofMillis(5));
        node.crash();
        world.run(Duration.ofSeconds(5));
        assertThat(seen).isEmpty();
    }

    @Test
    void nothing_of_a_paused_process_runs_and_what_is_due_happens_when_it_goes_on() {
        for (int millis : List.of(20, 10)) {
            node.start("sleeper", () -> {
                node.sleep(Duration.ofMillis(millis));
                seen.add(millis + " at " + world.now().toMillis());
            });
        }
        world.run(Duration.ofMillis(5));
        node.pause();
        world.run(Duration.ofMillis(95));
        assertThat(seen).isEmpty();
        node.goOn();
        world.run(Duration.ofMillis(1));
        assertThat(seen).containsExactly("10 at 100", "20 at 100");
    }

    @Test
    void a_clock_that_runs_fast_makes_timers_early() {
        node.setClockRate(2);
        Duration before = node.uptime();
        node.start("sleeper", () -> {
            node.sleep(Duration.ofSeconds(10));
            seen.add("at " + world.now());
        });
        world.run(Duration.ofSeconds(20));
        assertThat(seen).containsExactly("at PT5S");
        assertThat(node.uptime().minus(before)).isEqualTo(Duration.ofSeconds(40));
    }

    @Test
    void awaiting_ends_when_another_task_completes_or_the_time_is_over() {
        CompletableFuture<String> future = new CompletableFuture<>();
        node.start("impatient", () -> seen.add("impatient " + node.await(future, Duration.ofMillis(10))));
        node.start("patient", () -> seen.add("patient " + node.await(future, Duration.ofSeconds(10))));
        node.start("other", () -> {
            node.sleep(Duration.ofMillis(20));
            future.complete("done");
        });
        world.run(Duration.ofMillis(50));
        assertThat(seen).containsExactly("impatient false", "patient true");
    }

    @Test
    void a_gathering_returns_in_order_of_arrival_as_soon_as_there_is_enough() throws Exception {
        List<PeerCall<Integer>> calls = new ArrayList<>();
        for (int millis : List.of(30, 10, 20)) {
            calls.add(() -> {
                node.sleep(Duration.ofMillis(millis));
                return millis;
            });
        }
        assertThat(world.ask(node, () -> Outcome.answers(node.gather(calls)))).containsExactly(10, 20, 30);
        Duration before = world.now();
        assertThat(world.ask(node, () -> Outcome.answers(node.gather(calls, some -> some.size() == 2))))
                .containsExactly(10, 20);
        assertThat(world.now().minus(before)).isEqualTo(Duration.ofMillis(20));
    }

    @Test
    void only_a_task_may_wait() {
        assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> node.sleep(Duration.ofMillis(1)))
                .withMessageContaining("Simulation.ask");
    }
}
