/** Positions on the ring (160 bits) and intervals of them. Only this package compares positions. */
@NullMarked
package io.chordshare.id;

import org.jspecify.annotations.NullMarked;
