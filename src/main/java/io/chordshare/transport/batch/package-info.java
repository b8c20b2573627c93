/** The hot messages between nodes: what waits for a peer travels together, in one binary message. */
@NullMarked
@NamedInterface("batch")
package io.chordshare.transport.batch;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
