/** Blocks in transit between nodes, and the memory for them. */
@NullMarked
@NamedInterface("blocks")
package io.chordshare.replication.blocks;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
