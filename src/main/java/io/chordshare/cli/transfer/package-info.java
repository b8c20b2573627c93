/** Files on their way between the disk of the user and a node: parts, checksums, progress. */
@NullMarked
package io.chordshare.cli.transfer;

import org.jspecify.annotations.NullMarked;
