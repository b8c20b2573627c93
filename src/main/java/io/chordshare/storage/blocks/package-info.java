/** Immutable blocks on disk: written durably, verified at each read, deleted when no record names them. */
@NullMarked
@NamedInterface("blocks")
package io.chordshare.storage.blocks;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
