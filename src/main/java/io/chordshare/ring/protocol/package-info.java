/** The messages between nodes and the state of a node: successor list, finger table, step queue and errors. */
@NullMarked
@NamedInterface("protocol")
package io.chordshare.ring.protocol;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
