package io.chordshare.ring;

/**
 * A node as another sees it. The address is only a claim; the id says who it is, and of two claims for one id that of
 * the higher incarnation is the newer.
 *
 * @param id          its position, kept with its data
 * @param address     where it listens, as {@link NodeAddress} spells it: {@code http://host:port}
 * @param incarnation grows at every start
 */
public record Peer(RingId id, String address, long incarnation) {

    /** @throws IllegalArgumentException unless {@code address} is the address of a node */
    public Peer {
        if (id == null || address == null) {
            throw new IllegalArgumentException("a node has an id and an address");
        }
        address = NodeAddress.parse(address).toString();
    }

    public boolean sameNode(Peer other) {
        return id.equals(other.id);
    }

    /** The newer of two claims for one id. */
    public Peer newest(Peer other) {
        return other.incarnation > incarnation ? other : this;
    }

    @Override
    public String toString() {
        return id.toString().substring(0, 8) + "@" + address + "#" + incarnation;
    }
}
