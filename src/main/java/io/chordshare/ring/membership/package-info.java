/**
 * Who this node is and whom it knows, across restarts: identity, known peers, passive list and ring ids.
 */
@NullMarked
@NamedInterface("membership")
package io.chordshare.ring.membership;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
