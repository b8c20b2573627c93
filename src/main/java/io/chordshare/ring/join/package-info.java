/** How a node enters a ring and leaves it: bootstrap, join step, admission and departure. */
@NullMarked
@NamedInterface("join")
package io.chordshare.ring.join;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
