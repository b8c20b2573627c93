/** The steps of the papers: stabilize, rectify, recovery, and the unification of split rings. */
@NullMarked
@NamedInterface("stabilize")
package io.chordshare.ring.stabilize;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
