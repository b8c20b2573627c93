/** Tests of the event log and other parts of the console, without a ring. */
@NullMarked
package io.chordshare.console;

import org.jspecify.annotations.NullMarked;
