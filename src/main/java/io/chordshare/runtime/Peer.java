package io.chordshare.runtime;

import io.chordshare.id.ChordId;

/**
 * A node as another sees it. The id says which node it is. The address is only a claim. Of two claims for one id, the
 * one with the higher incarnation is newer.
 *
 * @param id          the position of the node, stored with its data
 * @param address     where it listens, as {@link NodeAddress} spells it: {@code http://host:port}
 * @param incarnation grows at every start, when others suspect the node, and when it leaves
 */
public record Peer(ChordId id, String address, long incarnation) {

    /** Leaves room for one more, and every program that reads JSON reads this number exactly. */
    public static final long MAX_INCARNATION = (1L << 53) - 1;
    /**
     * A node may know less about itself than others do, after a restored disk or in a late answer. But it was never
     * this many incarnations ahead of its own claim, so a claim further ahead is forged.
     */
    public static final long FURTHEST_AHEAD = 1_000_000;

    /** @throws IllegalArgumentException unless address and incarnation are valid */
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

    /** The same node under the next incarnation. */
    public Peer next() {
        return new Peer(id, address, Math.min(incarnation + 1, MAX_INCARNATION));
    }

    /** The newer of two claims for one id. */
    public Peer newest(Peer other) {
        return other.incarnation > incarnation ? other : this;
    }

    /** As {@link #newest}, for a claim that the node itself has just made: it wins over a forged one. */
    public Peer orOwnClaim(Peer claim) {
        return incarnation - claim.incarnation > FURTHEST_AHEAD ? claim : newest(claim);
    }

    @Override
    public String toString() {
        return id.toString().substring(0, 8) + "@" + address + "#" + incarnation;
    }
}
