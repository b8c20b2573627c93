/**
 * How much JSON a node reads.
 */
@NullMarked
package io.chordshare.json;

import org.jspecify.annotations.NullMarked;
