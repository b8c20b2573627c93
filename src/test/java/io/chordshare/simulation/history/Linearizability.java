package io.chordshare.simulation.history;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether operations on one register are linearizable: whether each can be put at one moment between its
 * invocation and its return so that, run one after the other in this order, all have the outcomes that their clients
 * saw.
 * <p>
 * The search is that of Jeannette Wing and Chun Gong, "Testing and Verifying Concurrent Objects", Journal of Parallel
 * and Distributed Computing 17 (1993), with the memory of configurations that Gavin Lowe adds in "Testing for
 * Linearizability", Concurrency and Computation: Practice and Experience 29(4) (2017). Registers are independent of
 * each other, so a history is linearizable when that of each name is (locality: Herlihy and Wing 1990).
 * <p>
 * Times that are equal say nothing about the order: an operation is before another only if it returned strictly before
 * the other was invoked. A delete of an absent name whose condition does not hold may answer NOT_FOUND or
 * CONDITION_FAILED.
 */
public final class Linearizability {

    /** A few seconds. Right histories of hundreds of operations need some hundreds, wrong ones up to a million. */
    public static final long MOST_STEPS = 4_000_000;

    private Linearizability() {}

    /**
     * @param ofOneName in any order
     * @param initial   the value before the first operation; null: absent
     */
    public static Verdict check(List<Operation> ofOneName, @Nullable String initial) {
        return check(ofOneName, initial, MOST_STEPS);
    }

    static Verdict check(List<Operation> ofOneName, @Nullable String initial, long mostSteps) {
        if (ofOneName.stream().map(Operation::name).distinct().count() > 1) {
            throw new IllegalArgumentException("check the operations of each name apart from those of others");
        }
        // a get without an answer, and what certainly had no effect, say nothing
        List<Operation> relevant = ofOneName.stream().filter(one -> one.isCertain() || one.isOpen()).toList();
        Step.Tags tags = new Step.Tags(relevant);
        List<Step> steps = new ArrayList<>();
        for (Operation operation : relevant) {
            steps.add(Step.of(operation, tags));
        }
        return new Search(new EventList(steps),
                new Waiting(steps, tags.states()), tags.state(initial), initial, mostSteps).run();
    }
}
