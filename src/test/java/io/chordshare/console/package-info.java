/** The event log and what the console's parts promise, without a ring. */
@NullMarked
package io.chordshare.console;

import org.jspecify.annotations.NullMarked;
