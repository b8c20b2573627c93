/** Clean-up at start, orphaned blocks, and the data that a leaving node set aside. */
@NullMarked
@NamedInterface("recovery")
package io.chordshare.storage.recovery;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
