/** Limits for the JSON that a node reads. */
@NullMarked
package io.chordshare.json;

import org.jspecify.annotations.NullMarked;
