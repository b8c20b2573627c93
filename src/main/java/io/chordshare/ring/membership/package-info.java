/** A node's identity and the peers it knows, across restarts: identity, known peers, passive list and ring ids. */
@NullMarked
@NamedInterface("membership")
package io.chordshare.ring.membership;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
