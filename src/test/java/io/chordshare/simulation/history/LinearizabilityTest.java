package io.chordshare.simulation.history;

import static io.chordshare.simulation.history.Condition.Plain.IF_ABSENT;
import static io.chordshare.simulation.history.Condition.Plain.IF_PRESENT;
import static io.chordshare.simulation.history.Operation.NOT_RETURNED;
import static io.chordshare.simulation.history.Outcome.Plain.CONDITION_FAILED;
import static io.chordshare.simulation.history.Outcome.Plain.DONE;
import static io.chordshare.simulation.history.Outcome.Plain.FAILED;
import static io.chordshare.simulation.history.Outcome.Plain.NOT_FOUND;
import static io.chordshare.simulation.history.Outcome.Plain.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories written by hand: what a client of a linearizable register may see, and what it may not. */
class LinearizabilityTest {

    private final List<Operation> operations = new ArrayList<>();

    private LinearizabilityTest put(String value, long from, long to, Outcome outcome) {
        return add(new Request.Put(value), from, to, outcome);
    }

    private LinearizabilityTest get(int from, int to, String found) {
        return add(new Request.Get(), from, to, new Outcome.Found(found));
    }

    private LinearizabilityTest getNothing(int from, int to) {
        return add(new Request.Get(), from, to, NOT_FOUND);
    }

    private LinearizabilityTest add(Request asked, long from, long to, Outcome outcome) {
        operations.add(new Operation(operations.size(), "file", asked, from, to, outcome));
        return this;
    }

    private void isAccepted() {
        assertThat(Linearizability.check(operations, null)).isInstanceOfSatisfying(Verdict.Linearizable.class,
                fine -> assertThat(Permutations.explains(fine.order(), operations, null)).isTrue());
    }

    private Verdict.Violation isRefused() {
        Verdict verdict = Linearizability.check(operations, null);
        assertThat(verdict).isInstanceOf(Verdict.Violation.class);
        return (Verdict.Violation) verdict;
    }

    @Test
    void nothing_at_all_is_fine() {
        isAccepted();
    }

    @Test
    void a_read_sees_the_write_before_it() {
        put("A", 0, 10, DONE).get(20, 30, "A").isAccepted();
    }

    @Test
    void the_initial_value_is_there_until_a_write() {
        get(0, 10, "old").put("A", 20, 30, DONE).get(40, 50, "A");
        assertThat(Linearizability.check(operations, "old")).isInstanceOf(Verdict.Linearizable.class);
        isRefused();
    }

    @Test
    void a_stale_read_is_refused() {
        put("A", 0, 10, DONE).put("B", 20, 30, DONE).get(40, 50, "A").isRefused();
    }

    @Test
    void a_read_during_a_write_may_see_either_value() {
        put("A", 0, 10, DONE).put("B", 20, 50, DONE).get(25, 45, "A").get(25, 45, "B").isAccepted();
    }

    @Test
    void what_ends_as_something_begins_counts_as_concurrent() {
        put("A", 0, 10, DONE).getNothing(10, 20).isAccepted();
        operations.clear();
        put("A", 0, 10, DONE).getNothing(11, 20).isRefused();
    }

    @Test
    void a_read_of_an_older_value_after_a_newer_one_is_refused() {
        put("A", 0, 10, DONE).put("B", 20, 90, DONE).get(30, 40, "B").get(50, 60, "A").isRefused();
    }

    @Test
    void a_lost_update_is_refused() {
        put("A", 0, 10, DONE).add(new Request.Put("B", new Condition.IfValue("A")), 20, 40, DONE)
                .add(new Request.Put("C", new Condition.IfValue("A")), 20, 40, DONE).isRefused();
    }

    @Test
    void of_two_conditional_updates_one_wins() {
        put("A", 0, 10, DONE).add(new Request.Put("B", new Condition.IfValue("A")), 20, 40, CONDITION_FAILED)
                .add(new Request.Put("C", new Condition.IfValue("A")), 20, 40, DONE).get(50, 60, "C").isAccepted();
    }

    @Test
    void a_write_that_surfaces_twice_is_refused() {
        put("A", 0, 10, UNKNOWN).put("B", 20, 30, DONE).get(40, 50, "A").put("C", 60, 70, DONE).isAccepted();
        get(80, 90, "A").isRefused();
    }

    @Test
    void a_value_that_comes_back_without_a_second_write_is_refused() {
        put("A", 0, 10, DONE).put("B", 0, 90, DONE).get(20, 30, "A").get(40, 50, "B").isAccepted();
        get(60, 70, "A").isRefused();
    }

    @Test
    void a_value_that_is_written_twice_may_come_back() {
        put("A", 0, 10, DONE).get(20, 30, "A").put("B", 0, 90, DONE).get(40, 50, "B").put("A", 55, 90, DONE)
                .get(60, 70, "A").isAccepted();
    }

    @Test
    void two_winners_of_if_absent_are_refused() {
        add(new Request.Put("A", IF_ABSENT), 0, 10, DONE).add(new Request.Put("B", IF_ABSENT), 0, 10, DONE).isRefused();
    }

    @Test
    void two_winners_of_if_absent_are_fine_with_a_delete_between_them() {
        add(new Request.Put("A", IF_ABSENT), 0, 10, DONE).add(new Request.Put("B", IF_ABSENT), 0, 10, DONE)
                .add(new Request.Delete(), 0, 10, DONE).isAccepted();
    }

    @Test
    void a_condition_that_failed_although_it_held_all_the_time_is_refused() {
        put("A", 0, 10, DONE).add(new Request.Put("B", IF_PRESENT), 20, 30, CONDITION_FAILED).isRefused();
        operations.clear();
        add(new Request.Put("A", IF_ABSENT), 0, 10, CONDITION_FAILED).put("B", 20, 30, DONE).isRefused();
        operations.clear();
        put("A", 0, 10, DONE).add(new Request.Delete(new Condition.IfValue("A")), 20, 30, CONDITION_FAILED).isRefused();
    }

    @Test
    void a_condition_that_failed_may_be_the_sign_of_an_unknown_write() {
        put("A", 0, 10, UNKNOWN).add(new Request.Put("B", IF_ABSENT), 20, 30, CONDITION_FAILED).isAccepted();
        getNothing(40, 50).isRefused();
    }

    @Test
    void an_unknown_write_may_surface_later() {
        put("A", 0, 10, UNKNOWN).getNothing(20, 30).put("B", 40, 50, DONE).get(60, 70, "B").get(80, 90, "A")
                .isAccepted();
        get(100, 110, "B").isRefused();
    }

    @Test
    void an_unknown_write_may_never_surface() {
        put("A", 0, NOT_RETURNED, UNKNOWN).getNothing(20, 30).put("B", 40, 50, DONE).get(60, 70, "B").isAccepted();
    }

    @Test
    void an_operation_that_never_returned_may_have_happened() {
        add(new Request.Put("A"), 0, NOT_RETURNED, UNKNOWN).get(10, 20, "A").isAccepted();
    }

    @Test
    void an_unknown_write_does_not_surface_before_its_invocation() {
        get(0, 10, "A").put("A", 20, 30, UNKNOWN).isRefused();
    }

    @Test
    void a_failed_write_never_surfaces() {
        put("A", 0, 10, FAILED).getNothing(20, 30).isAccepted();
        get(40, 50, "A").isRefused();
    }

    @Test
    void an_unknown_conditional_write_surfaces_only_if_its_condition_held() {
        put("A", 0, 10, DONE).add(new Request.Put("B", new Condition.IfValue("A")), 20, 30, UNKNOWN)
                .put("C", 40, 50, DONE).get(60, 70, "C").isAccepted();
        get(80, 90, "B").isRefused();
    }

    @Test
    void a_delete_that_returned_is_not_undone() {
        put("A", 0, 10, DONE).add(new Request.Delete(), 20, 30, DONE).getNothing(40, 50).isAccepted();
        get(60, 70, "A").isRefused();
    }

    @Test
    void a_delete_of_nothing_finds_nothing_and_is_never_done() {
        add(new Request.Delete(), 0, 10, NOT_FOUND).isAccepted();
        add(new Request.Delete(), 20, 30, DONE).isRefused();
    }

    @Test
    void one_value_is_deleted_once() {
        put("A", 0, 10, DONE).add(new Request.Delete(), 20, 40, DONE).add(new Request.Delete(), 20, 40, DONE)
                .isRefused();
    }

    @Test
    void an_unknown_delete_may_take_effect_once() {
        put("A", 0, 10, DONE).add(new Request.Delete(), 20, 30, UNKNOWN).get(40, 50, "A").getNothing(60, 70)
                .put("B", 80, 90, DONE).isAccepted();
        getNothing(100, 110).isRefused();
    }

    @Test
    void a_conditional_delete_of_nothing_may_say_either() {
        add(new Request.Delete(IF_PRESENT), 0, 10, NOT_FOUND).add(new Request.Delete(IF_PRESENT), 0, 10,
                CONDITION_FAILED).isAccepted();
    }

    @Test
    void a_read_without_an_answer_says_nothing() {
        add(new Request.Get(), 0, 10, UNKNOWN).put("A", 20, 30, DONE).isAccepted();
    }

    @Test
    void a_violation_shows_how_far_an_order_comes_and_what_is_stuck() {
        put("A", 0, 10, DONE).put("U", 5, 8, UNKNOWN).put("B", 20, 30, DONE).get(1_000_000_040, 1_000_000_050, "A")
                .put("C", 1_000_000_060, 1_000_000_070, DONE);
        assertThat(isRefused().text()).isEqualTo("""
                No order explains the outcomes of all 4 operations with a known outcome.
                The longest order that was found:
                  0.000000000 s - 0.000000010 s  client 0  put A: done
                Then the value is A, and none of these can be next:
                  0.000000020 s - 0.000000030 s  client 2  put B: done
                No other write brings the value back, and these still need it:
                  1.000000040 s - 1.000000050 s  client 3  get: found A
                None of these 1 writes of unknown outcome helps:
                  0.000000005 s - 0.000000008 s  client 1  put U: unknown
                """);
    }

    @Test
    void a_violation_shows_a_read_that_nothing_explains() {
        put("A", 0, 10, DONE).get(20, 30, "A").get(40, 50, "X").put("C", 60, 70, DONE);
        assertThat(isRefused().text()).endsWith("""
                Then the value is A, and none of these can be next:
                  0.000000040 s - 0.000000050 s  client 2  get: found X
                """);
    }

    @Test
    void a_search_that_is_too_large_gives_up_and_says_so() {
        put("A", 0, 10, DONE).put("B", 0, 10, DONE).put("C", 0, 10, DONE).get(20, 30, "A");
        long needed = Linearizability.check(operations, null).steps();
        assertThat(Linearizability.check(operations, null, needed + 1)).isInstanceOf(Verdict.Linearizable.class);
        assertThat(Linearizability.check(operations, null, needed - 1))
                .isInstanceOfSatisfying(Verdict.GaveUp.class, undecided -> assertThat(undecided.text())
                        .startsWith("Gave up after " + (needed - 1) + " steps: check fewer operations"));
    }

    @Test
    void operations_of_several_names_are_not_mixed() {
        operations.add(new Operation(1, "other", new Request.Get(), 0, 1, NOT_FOUND));
        getNothing(0, 10);
        assertThatIllegalArgumentException().isThrownBy(() -> Linearizability.check(operations, null));
    }

    @Test
    void an_operation_cannot_end_with_the_outcome_of_another() {
        assertThatIllegalArgumentException().isThrownBy(() -> getNothing(10, 9));
        assertThatIllegalArgumentException().isThrownBy(() -> put("A", 0, 10, CONDITION_FAILED));
        assertThatIllegalArgumentException().isThrownBy(() -> put("A", 0, 10, new Outcome.Found("A")));
        assertThatIllegalArgumentException().isThrownBy(() -> add(new Request.Get(), 0, 10, DONE));
        assertThatIllegalArgumentException().isThrownBy(() -> add(new Request.Put("A"), 0, NOT_RETURNED, DONE));
    }
}
