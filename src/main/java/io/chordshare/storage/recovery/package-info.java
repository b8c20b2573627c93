/**
 * What happens at start and after a leave: sweep of leftovers, orphaned blocks, data that was set aside.
 */
@NullMarked
@NamedInterface("recovery")
package io.chordshare.storage.recovery;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
