/** The ports of registers and views on this node's real disk. */
@NullMarked
@NamedInterface("disk")
package io.chordshare.register.disk;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
