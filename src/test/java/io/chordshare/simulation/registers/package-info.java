/**
 * Files in simulation: the production code of placement and registers, over a simulated disk and the simulated network,
 * with clients whose histories are checked for linearizability.
 */
@NullMarked
package io.chordshare.simulation.registers;

import org.jspecify.annotations.NullMarked;
