/**
 * Immutable pieces of files on disk: written durably, verified at each read, collected when no record names them.
 */
@NullMarked
@NamedInterface("blocks")
package io.chordshare.storage.blocks;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
