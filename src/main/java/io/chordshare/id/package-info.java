/**
 * Positions on the ring (160 bits) and intervals of them. The only place that compares positions.
 */
@NullMarked
package io.chordshare.id;

import org.jspecify.annotations.NullMarked;
