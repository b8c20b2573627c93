package io.chordshare.ring.protocol;

import io.chordshare.id.ChordId;
import io.chordshare.id.RingInterval;
import io.chordshare.runtime.Peer;
import java.util.ArrayList;
import java.util.List;

/** The rule for new successor lists: <em>s + list</em> in protocol.md. */
public final class SuccessorList {

    private SuccessorList() {}

    /**
     * The first {@code length} entries of {@code first} followed by its list. The list is cut before the first entry
     * that does not lie between the entry before it and {@code self}: self, a duplicate, or an entry out of order. With
     * full lists this is the rule of Zave (TSE 2017, section 4.2). With short ones it lets them grow, and a list that
     * reaches self is the whole membership. Where lists of several parts of a split ring mix, the cut keeps every list
     * in ring order.
     */
    public static List<Peer> of(Peer self, Peer first, List<Peer> rest, int length) {
        List<Peer> list = new ArrayList<>(length);
        list.add(first);
        for (Peer next : rest) {
            if (list.size() == length || !RingInterval.between(list.getLast().id(), next.id(), self.id())) {
                break;
            }
            list.add(next);
        }
        return list;
    }

    public static List<Peer> without(List<Peer> list, ChordId id) {
        return list.stream().filter(peer -> !peer.id().equals(id)).toList();
    }
}
