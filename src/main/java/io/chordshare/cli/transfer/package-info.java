/** Files in transfer between the user's disk and a node: parts, checksums and progress. */
@NullMarked
package io.chordshare.cli.transfer;

import org.jspecify.annotations.NullMarked;
