/**
 * Histories of single-name registers, and a checker that tells whether they are linearizable. Uses nothing of the
 * project: any test that can say who asked for what, and when, can record a history. See
 * {@link io.chordshare.simulation.history.History} and {@link io.chordshare.simulation.history.Linearizability}.
 */
@NullMarked
package io.chordshare.simulation.history;

import org.jspecify.annotations.NullMarked;
