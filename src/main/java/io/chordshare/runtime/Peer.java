package io.chordshare.runtime;

import io.chordshare.id.ChordId;

/**
 * A node as another sees it. The address is only a claim; the id says who it is, and of two claims for one id that of
 * the higher incarnation is the newer.
 *
 * @param id          its position, kept with its data
 * @param address     where it listens, as {@link NodeAddress} spells it: {@code http://host:port}
 * @param incarnation grows at every start, when others suspect the node, and when it leaves
 */
public record Peer(ChordId id, String address, long incarnation) {

    /** One more always fits, and every program that reads JSON reads it exactly. */
    public static final long MAX_INCARNATION = (1L << 53) - 1;
    /**
     * A node may be behind what is known of it, with its disk restored or in an answer that was late, but it never had
     * so many incarnations more than it says: a claim of one further ahead is made up.
     */
    public static final long FURTHEST_AHEAD = 1_000_000;

    /** @throws IllegalArgumentException unless it is the address, and an incarnation, of a node */
    public Peer {
        if (id == null || address == null) {
            throw new IllegalArgumentException("a node has an id and an address");
        }
        address = NodeAddress.parse(address).toString();
        if (incarnation < 0 || incarnation > MAX_INCARNATION) {
            throw new IllegalArgumentException("an incarnation is 0 to " + MAX_INCARNATION + ", not " + incarnation);
        }
    }

    public boolean sameNode(Peer other) {
        return id.equals(other.id);
    }

    /** The same node, newer than anything that is known of it. */
    public Peer next() {
        return new Peer(id, address, Math.min(incarnation + 1, MAX_INCARNATION));
    }

    /** The newer of two claims for one id. */
    public Peer newest(Peer other) {
        return other.incarnation > incarnation ? other : this;
    }

    /** As {@link #newest}, of a claim that the node has made itself just now: it knows better than what was made up. */
    public Peer afterOwnWord(Peer claim) {
        return incarnation - claim.incarnation > FURTHEST_AHEAD ? claim : newest(claim);
    }

    @Override
    public String toString() {
        return id.toString().substring(0, 8) + "@" + address + "#" + incarnation;
    }
}
