/**
 * The whole node in the simulator: ring, placement, registers, replication, the file service, and the real store, with
 * its database and its blocks on a disk in memory. Users, faults, and what must hold.
 */
@NullMarked
package io.chordshare.simulation.files;

import org.jspecify.annotations.NullMarked;
