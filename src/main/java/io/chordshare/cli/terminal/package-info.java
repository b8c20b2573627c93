/** Reading from a terminal or a pipe, and writing to it. */
@NullMarked
package io.chordshare.cli.terminal;

import org.jspecify.annotations.NullMarked;
