/** Records, the index of names, and which record names which blocks. */
@NullMarked
@NamedInterface("records")
package io.chordshare.storage.records;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
