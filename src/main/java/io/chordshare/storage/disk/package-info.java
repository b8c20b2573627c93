/** A node's data directory: layout, lock, free space and durable file operations. */
@NullMarked
@NamedInterface("disk")
package io.chordshare.storage.disk;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
