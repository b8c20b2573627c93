package io.chordshare.ring.membership;

/**
 * Which ring a node is in, who it is there, and whom it knows.
 *
 * @param ringIds  the ids of its ring
 * @param known    peers that it has met and can rejoin through
 * @param lost     peers that went silent; each is asked at growing intervals whether it is back
 * @param identity the part of this that is kept on disk
 */
public record Membership(RingIds ringIds, KnownPeers known, PassiveList lost, PersistentIdentity identity) {}
