package io.chordshare.placement;

import io.chordshare.id.ChordId;
import io.chordshare.runtime.Envelope;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.Quorum;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which nodes answer for a slot. There is one view of each number; the members of one decide the next.
 *
 * @param ring     the id of the ring: another ring has other views of the same slots
 * @param slot     the slot
 * @param number   1 for the founder's view, then one more each time
 * @param members  who votes, the owner first; the first of them hold the bytes of a file with few copies
 * @param previous the members of the view before: a new member learns from them; empty for the first view
 */
public record View(String ring, int slot, long number, List<Peer> members, List<Peer> previous) {

    /** More members make every write slower, and lose no fewer files. */
    public static final int MAX_MEMBERS = 9;
    /** Every program that reads JSON reads it exactly. */
    static final long MAX_NUMBER = (1L << 53) - 1;
    /** More changes than a slot ever sees: a recovery goes on above all numbers that others can have reached. */
    private static final long RECOVERY = 1L << 26;

    /** A view without its nodes, and a node without its address, in JSON. */
    private static final int VIEW_CHARS = 160;
    private static final int PEER_CHARS = 110;

    /** @throws IllegalArgumentException unless it can be a view */
    public View {
        members = checked(members);
        previous = checked(previous);
        if (!Envelope.isRingId(ring) || slot < 0 || number < 1 || number > MAX_NUMBER || members.isEmpty()) {
            throw new IllegalArgumentException("a view has a ring, a slot, a number from 1 on, and members");
        }
    }

    private static List<Peer> checked(List<Peer> peers) {
        if (peers.size() > MAX_MEMBERS || peers.stream().map(Peer::id).distinct().count() < peers.size()) {
            throw new IllegalArgumentException("a view has at most " + MAX_MEMBERS + " members, each once");
        }
        return List.copyOf(peers);
    }

    /** The first view of a slot in a new ring. */
    static View first(String ring, int slot, Peer founder) {
        return new View(ring, slot, 1, List.of(founder), List.of());
    }

    /** What would follow this view, with these members. */
    View next(List<Peer> nextMembers) {
        return new View(ring, slot, number + 1, nextMembers, members);
    }

    /**
     * What a person puts in the place of this view when a majority of its members is gone for good.
     *
     * @param epochs so many recoveries further on
     * @throws IllegalArgumentException after too many recoveries
     */
    View recovered(List<Peer> survivors, long epochs) {
        return recovered(ring, slot, epoch() + epochs, survivors);
    }

    static View recovered(String ring, int slot, long epoch, List<Peer> survivors) {
        return new View(ring, slot, epoch * RECOVERY, survivors, survivors);
    }

    /** How many recoveries came before, or more. */
    long epoch() {
        return epoch(number);
    }

    static long epoch(long number) {
        return number / RECOVERY;
    }

    /** Whether it is the first view after a recovery: its members have what is left, each a part of it. */
    public boolean beginsAfterRecovery() {
        return number % RECOVERY == 0;
    }

    public Peer owner() {
        return members.getFirst();
    }

    /** How many of its members are a majority. */
    public int majority() {
        return Quorum.majorityOf(members.size());
    }

    public boolean has(ChordId node) {
        return rankOf(node) >= 0;
    }

    /** The place of a node among the members, 0 for the owner; -1 when it is none. */
    public int rankOf(ChordId node) {
        for (int rank = 0; rank < members.size(); rank++) {
            if (members.get(rank).id().equals(node)) {
                return rank;
            }
        }
        return -1;
    }

    /** Whether these are its members, in the same order. */
    boolean hasMembers(List<Peer> others) {
        return ids(members).equals(ids(others));
    }

    /** Whether a view of these would say nothing new: the same members, at the same addresses. */
    boolean says(List<Peer> others) {
        // mostly nothing has changed at all, and thousands of slots are compared each second
        return members.equals(others) || hasMembers(others)
                && members.stream().map(Peer::address).toList().equals(others.stream().map(Peer::address).toList());
    }

    /** Characters of its text form, at the most. */
    int chars() {
        return VIEW_CHARS + Stream.concat(members.stream(), previous.stream())
                .mapToInt(peer -> PEER_CHARS + peer.address().length()).sum();
    }

    static List<ChordId> ids(List<Peer> peers) {
        return peers.stream().map(Peer::id).toList();
    }
}
