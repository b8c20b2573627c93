/** The runtime port, and small parts that every feature may use. Depends on no other package except {@code id}. */
@NullMarked
package io.chordshare.runtime;

import org.jspecify.annotations.NullMarked;
