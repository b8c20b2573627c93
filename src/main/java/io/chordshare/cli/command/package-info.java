/** The commands of the terminal client, and their options. */
@NullMarked
package io.chordshare.cli.command;

import org.jspecify.annotations.NullMarked;
