package io.chordshare.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.chordshare.chaos.RingClient.Finger;
import io.chordshare.chaos.RingClient.Peer;
import io.chordshare.chaos.RingClient.Ring;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Compares the reports of all nodes with the one right ring of their ids. */
final class RingCheck {

    private static final int SUCCESSORS = 4;
    private static final int BITS = 160;
    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(BITS);

    private final List<Ring> views;

    private RingCheck(List<Ring> views) {
        this.views = views;
    }

    /** Asks these nodes. All must answer. */
    static RingCheck of(List<ProcessNode> members) {
        return new RingCheck(members.stream().map(member -> member.client.ring())
                .sorted(Comparator.comparing(view -> position(view.self().id()))).toList());
    }

    /** One ordered ring with the right pointers, lists of the right length, and the right fingers. */
    void assertOrdered() {
        assertThat(views).extracting(Ring::status).as("status").containsOnly(views.size() == 1 ? "ALONE" : "MEMBER");
        assertThat(views).extracting(Ring::ringId).as("ring id").containsOnly(views.getFirst().ringId());
        assertThat(views).extracting(view -> view.self().id()).as("ids").doesNotHaveDuplicates();
        if (views.size() == 1) {
            return;
        }
        for (int i = 0; i < views.size(); i++) {
            Ring view = views.get(i);
            String who = view.self().address();
            assertThat(view.predecessor()).as("predecessor of %s", who).isEqualTo(self(i - 1));
            assertThat(view.successors()).as("successors of %s", who).isEqualTo(successorsOf(i));
            assertThat(view.fingers()).as("fingers of %s", who).isEqualTo(fingersOf(i));
        }
    }

    private Peer self(int index) {
        return views.get(Math.floorMod(index, views.size())).self();
    }

    private List<Peer> successorsOf(int index) {
        List<Peer> list = new ArrayList<>();
        for (int next = 1; next <= Math.min(SUCCESSORS, views.size() - 1); next++) {
            list.add(self(index + next));
        }
        return list;
    }

    /** For every exponent the first node at or after self + 2^exponent. Each node once, at its first slot. */
    private List<Finger> fingersOf(int index) {
        List<Finger> fingers = new ArrayList<>();
        for (int exponent = 0; exponent < BITS; exponent++) {
            BigInteger start = position(self(index).id()).add(BigInteger.ONE.shiftLeft(exponent)).mod(MODULUS);
            Peer node = firstAtOrAfter(start);
            if (fingers.isEmpty() || !fingers.getLast().node().equals(node)) {
                fingers.add(new Finger(String.format("%040x", start), node));
            }
        }
        return fingers;
    }

    private Peer firstAtOrAfter(BigInteger key) {
        return views.stream().map(Ring::self).filter(peer -> position(peer.id()).compareTo(key) >= 0).findFirst()
                .orElse(self(0));
    }

    /** The owner of a key and the nodes after it, at most {@code copies}. */
    List<Peer> ownersOf(String key, int copies) {
        int owner = views.stream().map(Ring::self).toList().indexOf(firstAtOrAfter(position(key)));
        return Stream.iterate(owner, i -> i + 1).limit(Math.min(copies, views.size())).map(this::self).toList();
    }

    private static BigInteger position(String hex) {
        return new BigInteger(hex, 16);
    }
}
