package io.chordshare.simulation.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class HistoryTest {

    private final History history = new History();

    private void whole(String name, Request asked, long nanos, Outcome outcome) {
        history.returned(history.invoked(1, name, asked, nanos), outcome, nanos);
    }

    @Test
    void each_name_is_a_register_of_its_own() {
        whole("b", new Request.Put("B"), 10, Outcome.Plain.DONE);
        whole("a", new Request.Put("A"), 20, Outcome.Plain.DONE);
        whole("b", new Request.Get(), 30, new Outcome.Found("B"));
        whole("a", new Request.Get(), 40, new Outcome.Found("A"));
        assertThat(history.check()).containsOnlyKeys("a", "b").allSatisfy((name, verdict) ->
                assertThat(verdict).isInstanceOf(Verdict.Linearizable.class));
        assertThat(history.problem()).isNull();
        whole("b", new Request.Get(), 50, new Outcome.Found("A"));
        assertThat(history.check().get("a")).isInstanceOf(Verdict.Linearizable.class);
        assertThat(history.problem()).startsWith("b: No order explains").contains("client 1  get: found A");
    }

    @Test
    void the_order_of_events_counts_also_at_the_same_time() {
        whole("a", new Request.Put("A"), 10, Outcome.Plain.DONE);
        whole("a", new Request.Get(), 10, Outcome.Plain.NOT_FOUND);
        assertThat(history.check().get("a")).isInstanceOf(Verdict.Violation.class);
    }

    @Test
    void what_has_not_returned_may_still_happen() {
        int put = history.invoked(1, "a", new Request.Put("A"), 10);
        whole("a", new Request.Get(), 20, new Outcome.Found("A"));
        assertThat(history.problem()).isNull();
        history.returned(put, Outcome.Plain.FAILED, 30);
        assertThat(history.problem()).isNotNull();
    }

    @Test
    void an_operation_returns_once_and_with_an_outcome_of_its_own() {
        int get = history.invoked(1, "a", new Request.Get(), 10);
        assertThatIllegalArgumentException().isThrownBy(() -> history.returned(get, Outcome.Plain.DONE, 20));
        history.returned(get, Outcome.Plain.NOT_FOUND, 20);
        assertThatIllegalStateException().isThrownBy(() -> history.returned(get, Outcome.Plain.NOT_FOUND, 30));
    }

    @Test
    void time_does_not_go_back() {
        whole("a", new Request.Get(), 10, Outcome.Plain.NOT_FOUND);
        assertThatIllegalArgumentException().isThrownBy(() -> history.invoked(1, "a", new Request.Get(), 9))
                .withMessageContaining("from 10 to 9 ns");
    }

    @Test
    void it_is_bounded() {
        History small = new History(1);
        small.invoked(1, "a", new Request.Get(), 10);
        assertThatIllegalStateException().isThrownBy(() -> small.invoked(1, "a", new Request.Get(), 20))
                .withMessageContaining("holds 1 operations");
    }

    @Test
    void people_can_read_it() {
        int put = history.invoked(2, "b", new Request.Put("B", Condition.Plain.IF_ABSENT), 5_000_000);
        whole("a", new Request.Delete(new Condition.IfValue("A")), 6_000_000, Outcome.Plain.CONDITION_FAILED);
        history.invoked(3, "b", new Request.Get(), 7_000_000);
        history.returned(put, Outcome.Plain.DONE, 8_000_000);
        assertThat(history.dump()).isEqualTo("""
                a
                  0.006000000 s - 0.006000001 s  client 1  delete if A: condition failed
                b
                  0.005000000 s - 0.008000000 s  client 2  put B if absent: done
                  0.007000000 s - (no return)  client 3  get: unknown
                """);
    }
}
