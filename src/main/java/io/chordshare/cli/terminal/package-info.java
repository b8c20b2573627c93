/** What is read from a terminal or a pipe, and written to it. */
@NullMarked
package io.chordshare.cli.terminal;

import org.jspecify.annotations.NullMarked;
