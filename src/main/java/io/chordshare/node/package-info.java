/**
 * The composition root: reads the settings, puts the parts together, starts and stops the node, and ticks its
 * background work.
 */
@NullMarked
package io.chordshare.node;

import org.jspecify.annotations.NullMarked;
