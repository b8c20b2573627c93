/** Keeps text from strangers from forging log lines. */
@NullMarked
package io.chordshare.logging;

import org.jspecify.annotations.NullMarked;
