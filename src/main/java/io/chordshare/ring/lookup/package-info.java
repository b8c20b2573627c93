/**
 * Who owns a key: routing, iterative lookup, finger refresh, id selection, broadcast and the ring walk.
 */
@NullMarked
@NamedInterface("lookup")
package io.chordshare.ring.lookup;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
