/**
 * The composition root: reads the settings, wires the parts, starts and stops the node, and ticks its background work.
 */
@NullMarked
package io.chordshare.node;

import org.jspecify.annotations.NullMarked;
