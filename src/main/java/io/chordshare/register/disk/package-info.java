/** The ports of registers and views on this node's real disk. */
@NullMarked
package io.chordshare.register.disk;

import org.jspecify.annotations.NullMarked;
