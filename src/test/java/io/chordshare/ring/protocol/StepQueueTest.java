package io.chordshare.ring.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.ring.InMemoryRing;
import io.chordshare.runtime.PeriodicTask;
import io.chordshare.simulation.SimulatedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The queue continues, whatever one step does. */
class StepQueueTest {

    private final InMemoryRing ring = new InMemoryRing(1);
    private final SimulatedNode runtime = ring.start();
    private final StepQueue steps = new StepQueue(runtime);
    private final List<String> ran = new ArrayList<>();

    @Test
    void a_step_that_fails_does_not_stop_the_next() {
        steps.submit("bad", () -> {
            throw new IllegalStateException("oops");
        });
        steps.submit("good", () -> ran.add("good"));
        ring.run(Duration.ofSeconds(1));
        steps.submit("later", () -> ran.add("later"));
        ring.run(Duration.ofSeconds(1));

        assertThat(ran).containsExactly("good", "later");
        assertThat(steps.progress().failed()).isEqualTo(1);
        assertThat(steps.progress().done()).isEqualTo(3);
        assertThat(steps.progress().lastError()).contains("bad", "oops");
    }

    /** A missing class or a full stack is an Error. It must not stop the node's steps for good either. */
    @Test
    void a_step_that_ends_with_an_error_does_not_stop_the_next() {
        steps.submit("bad", () -> {
            throw new StackOverflowError();
        });
        steps.submit("next", () -> ran.add("next"));
        ring.run(Duration.ofSeconds(1));
        steps.submit("later", () -> ran.add("later"));
        ring.run(Duration.ofSeconds(1));
        assertThat(ran).containsExactly("next", "later");
    }

    @Test
    void steps_run_one_at_a_time_in_order() {
        for (String name : List.of("a", "b", "c")) {
            steps.submit(name, () -> {
                ran.add(name + " begins");
                runtime.sleep(Duration.ofMillis(100));
                ran.add(name + " ends");
            });
        }
        ring.run(Duration.ofSeconds(1));
        assertThat(ran).containsExactly("a begins", "a ends", "b begins", "b ends", "c begins", "c ends");
    }

    @Test
    void a_step_that_already_waits_is_not_queued_again() {
        steps.submit("slow", () -> runtime.sleep(Duration.ofMillis(500)));
        ring.run(Duration.ofMillis(10));
        assertThat(steps.submit("tick", () -> ran.add("tick"))).isTrue();
        assertThat(steps.submit("tick", () -> ran.add("tick"))).isFalse();
        // the running step does not count: the state it read may be old by now
        assertThat(steps.submit("slow", () -> ran.add("slow"))).isTrue();
        ring.run(Duration.ofSeconds(1));
        assertThat(ran).containsExactly("tick", "slow");
    }

    @Test
    void the_queue_has_a_limit() {
        steps.submit("slow", () -> runtime.sleep(Duration.ofMillis(500)));
        ring.run(Duration.ofMillis(10));
        int accepted = 0;
        for (int i = 0; i < 10_000; i++) {
            accepted += steps.submit("step " + i, () -> ran.add("x")) ? 1 : 0;
        }
        assertThat(accepted).isBetween(1, 1000);
        ring.run(Duration.ofSeconds(1));
        assertThat(ran).hasSize(accepted);
    }

    @Test
    void what_strangers_ask_for_never_keeps_the_nodes_own_work_out_nor_waiting_for_long() {
        for (int i = 0; i < 10_000; i++) {
            steps.submitForOthers("notice " + i, () -> {
                ran.add("notice");
                runtime.sleep(Duration.ofSeconds(1));
            });
        }
        for (int tick = 0; tick < 3; tick++) {
            assertThat(steps.submit("tick " + tick, () -> ran.add("tick"))).isTrue();
        }
        ring.run(Duration.ofSeconds(4));
        assertThat(ran).startsWith("tick", "notice", "tick", "notice", "tick", "notice");
    }

    @Test
    void the_nodes_own_work_never_keeps_what_others_ask_for_waiting_for_long() {
        steps.submit("slow", () -> runtime.sleep(Duration.ofMillis(100)));
        steps.submitForOthers("notice", () -> ran.add("notice"));
        for (int tick = 0; tick < 3; tick++) {
            steps.submit("tick " + tick, () -> ran.add("tick"));
        }
        ring.run(Duration.ofSeconds(1));
        assertThat(ran).containsExactly("notice", "tick", "tick", "tick");
    }

    @Test
    void background_work_that_fails_runs_again_at_its_next_tick() {
        PeriodicTask work = new PeriodicTask("work", runtime, () -> {
            ran.add("run");
            if (ran.size() == 1) {
                throw new IllegalStateException("oops");
            }
        });
        work.tick();
        ring.run(Duration.ofSeconds(1));
        work.tick();
        ring.run(Duration.ofSeconds(1));
        assertThat(ran).hasSize(2);
        assertThat(work.progress().runs()).isEqualTo(2);
        assertThat(work.progress().failures()).isEqualTo(1);
        assertThat(work.progress().lastError()).contains("oops");
    }

    @Test
    void background_work_never_overlaps_itself() {
        int[] running = new int[2];
        PeriodicTask work = new PeriodicTask("work", runtime, () -> {
            running[1] = Math.max(running[1], ++running[0]);
            runtime.sleep(Duration.ofMillis(2500));
            running[0]--;
        });
        for (int i = 0; i < 6; i++) {
            work.tick();
            ring.run(Duration.ofSeconds(1));
        }
        assertThat(running[1]).isEqualTo(1);
        assertThat(work.progress().runs()).isEqualTo(2);
        assertThat(work.progress().skipped()).isEqualTo(4);
    }
}
