/** The terminal client against scripted nodes that give wrong answers. */
@NullMarked
package io.chordshare.cli;

import org.jspecify.annotations.NullMarked;
