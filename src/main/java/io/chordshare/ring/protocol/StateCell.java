package io.chordshare.ring.protocol;

import io.chordshare.ring.RingListener;
import io.chordshare.runtime.Peer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.UnaryOperator;

/** The one reference to a node's state. Readers get a snapshot. Each change replaces the state as a whole. */
public final class StateCell {

    private final AtomicReference<RingState> state;
    private final List<RingListener> listeners = new CopyOnWriteArrayList<>();

    public StateCell(RingState initial) {
        state = new AtomicReference<>(initial);
    }

    public RingState get() {
        return state.get();
    }

    public void listen(RingListener listener) {
        listeners.add(listener);
    }

    /** Adds a reader of state changes only, without departures. */
    public void onChange(BiConsumer<RingState, RingState> reader) {
        listeners.add(new RingListener() {
            @Override
            public void changed(RingState before, RingState after) {
                reader.accept(before, after);
            }

            @Override
            public void gone(Peer peer, DepartureCause how) {
                // the state change already says everything
            }
        });
    }

    public RingState update(UnaryOperator<RingState> change) {
        RingState before;
        RingState after;
        do {
            before = state.get();
            after = change.apply(before);
        } while (!state.compareAndSet(before, after));
        if (before != after && !before.equals(after)) {
            for (RingListener listener : listeners) {
                listener.changed(before, after);
            }
        }
        return after;
    }

    public void announceSuspected(Peer peer, boolean isSuspected) {
        for (RingListener listener : listeners) {
            listener.suspected(peer, isSuspected);
        }
    }

    public void announceGone(Peer peer, RingListener.DepartureCause how) {
        for (RingListener listener : listeners) {
            listener.gone(peer, how);
        }
    }
}
