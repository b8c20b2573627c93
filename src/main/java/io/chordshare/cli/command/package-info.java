/** The commands of the terminal client, and what they are called with. */
@NullMarked
package io.chordshare.cli.command;

import org.jspecify.annotations.NullMarked;
