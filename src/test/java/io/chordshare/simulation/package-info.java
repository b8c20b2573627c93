/**
 * A deterministic simulator: many production ring nodes in one JVM, on virtual time, over a network and on machines
 * whose every fault is drawn from one seed. A failing seed replays exactly. See
 * {@link io.chordshare.simulation.Simulation}.
 */
@NullMarked
package io.chordshare.simulation;

import org.jspecify.annotations.NullMarked;
