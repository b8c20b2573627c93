/** The web console, the stream of events, and the description of the node itself. Nothing depends on this package. */
@NullMarked
package io.chordshare.console;

import org.jspecify.annotations.NullMarked;
