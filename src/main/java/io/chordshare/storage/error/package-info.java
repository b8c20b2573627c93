/** The errors of a store: full, failed, in use, damaged. */
@NullMarked
@NamedInterface("error")
package io.chordshare.storage.error;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
