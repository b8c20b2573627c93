/**
 * A node's data directory: layout, lock, free space, durable file operations and the sweep at start.
 */
@NullMarked
@NamedInterface("disk")
package io.chordshare.storage.disk;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
