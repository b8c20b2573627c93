/** The terminal client, against nodes that are scripts: what it makes of answers that no proper node gives. */
@NullMarked
package io.chordshare.cli;

import org.jspecify.annotations.NullMarked;
