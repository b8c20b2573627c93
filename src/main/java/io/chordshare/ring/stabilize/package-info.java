/**
 * The paper's steps: stabilize, rectify, recovery, and the unification of rings that were split.
 */
@NullMarked
@NamedInterface("stabilize")
package io.chordshare.ring.stabilize;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
