/**
 * A deterministic simulator: many production ring nodes in one JVM, on virtual time, with a simulated network and
 * machines. One seed determines every fault, and a failing seed replays exactly. See
 * {@link io.chordshare.simulation.Simulation}.
 */
@NullMarked
package io.chordshare.simulation;

import org.jspecify.annotations.NullMarked;
