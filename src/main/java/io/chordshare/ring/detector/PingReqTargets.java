package io.chordshare.ring.detector;

import io.chordshare.id.ChordId;
import io.chordshare.ring.protocol.RingRequest.Pong;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.ring.protocol.StateCell;
import io.chordshare.runtime.Peer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Whom to ask about a peer that is silent. First those who are sure to watch it themselves: their word counts for more
 * than a ping, since they may have found out already. Of a predecessor that is the node before it, which it names in
 * its answers.
 */
public final class PingReqTargets {

    private final StateCell cell;
    private final Predicate<Peer> suspects;
    private final RandomGenerator random;
    private final int successors;
    private volatile @Nullable BeforeThat beforeThat;

    /** Who stands before our predecessor, as that one last said. */
    private record BeforeThat(ChordId predecessor, Peer peer) {}

    /**
     * @param suspects   who is not to be asked, since it may be silent as well
     * @param successors length of every node's successor list
     */
    PingReqTargets(StateCell cell, Predicate<Peer> suspects, RandomGenerator random, int successors) {
        this.cell = cell;
        this.suspects = suspects;
        this.random = random;
        this.successors = successors;
    }

    /** Reads an answer for who else watches the node that gave it. */
    void learn(Pong pong) {
        Peer predecessor = cell.get().predecessor();
        if (predecessor != null && predecessor.sameNode(pong.self()) && pong.predecessor() != null) {
            beforeThat = new BeforeThat(predecessor.id(), pong.predecessor());
        }
    }

    /** {@code count} others to ask, if there are as many that answer: its watchers, other neighbours, then anybody. */
    List<Peer> about(Peer suspect, int count) {
        RingState state = cell.get();
        List<Peer> chosen = new ArrayList<>();
        choose(chosen, watchers(state, suspect), suspect, count);
        choose(chosen, state.neighbours(), suspect, count);
        choose(chosen, state.fingers().peers(), suspect, count);
        return chosen;
    }

    /** Some of those far away that answer. */
    public List<Peer> far(int count) {
        RingState state = cell.get();
        List<Peer> chosen = new ArrayList<>();
        choose(chosen, state.fingers().peers(), state.self(), count);
        return chosen;
    }

    /** Those whose list it is in, and the one whose predecessor it is. */
    private List<Peer> watchers(RingState state, Peer suspect) {
        Peer predecessor = state.predecessor();
        List<Peer> watchers = new ArrayList<>();
        BeforeThat named = beforeThat;
        if (named != null && predecessor != null && predecessor.sameNode(suspect)
                && named.predecessor().equals(suspect.id())) {
            watchers.add(named.peer());
        }
        List<Peer> list = state.successors();
        int place = placeOf(suspect, list);
        if (place < 0) {
            return watchers;
        }
        watchers.addAll(list.subList(0, Math.min(place + 2, list.size())));
        if (predecessor != null && place + 1 < successors) {
            watchers.add(predecessor);
        }
        return watchers;
    }

    private static int placeOf(Peer peer, List<Peer> list) {
        for (int place = 0; place < list.size(); place++) {
            if (list.get(place).sameNode(peer)) {
                return place;
            }
        }
        return -1;
    }

    private void choose(List<Peer> chosen, Collection<Peer> from, Peer suspect, int count) {
        List<Peer> left = new ArrayList<>(from);
        left.removeIf(peer -> peer.sameNode(suspect) || peer.sameNode(cell.get().self())
                || chosen.stream().anyMatch(peer::sameNode) || suspects.test(peer));
        while (chosen.size() < count && !left.isEmpty()) {
            chosen.add(left.remove(random.nextInt(left.size())));
        }
    }
}
