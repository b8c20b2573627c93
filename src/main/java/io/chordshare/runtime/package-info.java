/** Small parts that every feature may use. Knows nobody. */
@NullMarked
package io.chordshare.runtime;

import org.jspecify.annotations.NullMarked;
