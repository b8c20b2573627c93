package io.chordshare.simulation;

import io.chordshare.ring.RingListener.DepartureCause;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** All observers of a run. Their exceptions fail the run, and never reach the node, which would swallow them. */
final class Observers implements Observer {

    private final Kernel kernel;
    private final List<Observer> watching = new ArrayList<>();
    private final Set<PendingAnswer> underWay = new LinkedHashSet<>();

    Observers(Kernel kernel) {
        this.kernel = kernel;
    }

    void add(Observer observer) {
        watching.add(observer);
    }

    boolean isEmpty() {
        return watching.isEmpty();
    }

    @Override
    public void started(SimulatedNode node) {
        each(observer -> observer.started(node));
    }

    @Override
    public void changed(SimulatedNode node, RingState before, RingState after) {
        each(observer -> observer.changed(node, before, after));
    }

    @Override
    public void gave(SimulatedNode node, Peer peer, DepartureCause how) {
        each(observer -> observer.gave(node, peer, how));
    }

    @Override
    public void ended(SimulatedNode node) {
        each(observer -> observer.ended(node));
        List<PendingAnswer> lost = underWay.stream().filter(answer -> answer.asker() == node).toList();
        lost.forEach(this::settled);
    }

    @Override
    public void answered(PendingAnswer answer) {
        if (!watching.isEmpty() && underWay.add(answer)) {
            each(observer -> observer.answered(answer));
        }
    }

    @Override
    public void settled(PendingAnswer answer) {
        if (underWay.remove(answer)) {
            each(observer -> observer.settled(answer));
        }
    }

    private void each(Consumer<Observer> tell) {
        try {
            for (Observer observer : watching) {
                tell.accept(observer);
            }
        } catch (RuntimeException | Error e) {
            kernel.fail(e);
        }
    }
}
