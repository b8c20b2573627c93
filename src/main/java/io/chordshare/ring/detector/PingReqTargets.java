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
 * Chooses the nodes that ping a silent peer for this one. Nodes that watch the peer themselves come first: they may
 * have found it silent already, and that counts more than one ping. For the predecessor, this is the node before it,
 * which it names in its answers.
 */
public final class PingReqTargets {

    private final StateCell cell;
    private final Predicate<Peer> suspects;
    private final RandomGenerator random;
    private final int successors;
    private volatile @Nullable BeforeThat beforeThat;

    /** The node before our predecessor, as the predecessor last reported. */
    private record BeforeThat(ChordId predecessor, Peer peer) {}

    /**
     * @param suspects   peers that are not asked, because they may be silent as well
     * @param successors length of every node's successor list
     */
    PingReqTargets(StateCell cell, Predicate<Peer> suspects, RandomGenerator random, int successors) {
        this.cell = cell;
        this.suspects = suspects;
        this.random = random;
        this.successors = successors;
    }

    /** Notes from an answer which other node watches the sender. */
    void learn(Pong pong) {
        Peer predecessor = cell.get().predecessor();
        if (predecessor != null && predecessor.sameNode(pong.self()) && pong.predecessor() != null) {
            beforeThat = new BeforeThat(predecessor.id(), pong.predecessor());
        }
    }

    /**
     * Up to {@code count} nodes that answer: watchers of {@code suspect} first, then other neighbours, then any known
     * node.
     */
    List<Peer> about(Peer suspect, int count) {
        RingState state = cell.get();
        List<Peer> chosen = new ArrayList<>();
        choose(chosen, watchers(state, suspect), suspect, count);
        choose(chosen, state.neighbours(), suspect, count);
        choose(chosen, state.fingers().peers(), suspect, count);
        return chosen;
    }

    /** Up to {@code count} distant nodes that answer. */
    public List<Peer> far(int count) {
        RingState state = cell.get();
        List<Peer> chosen = new ArrayList<>();
        choose(chosen, state.fingers().peers(), state.self(), count);
        return chosen;
    }

    /** The nodes with {@code suspect} in their list, and the node whose predecessor it is. */
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
