/**
 * Blocks on their way between nodes, and the memory that they may take.
 */
@NullMarked
@NamedInterface("blocks")
package io.chordshare.replication.blocks;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
