/**
 * The Chord protocol in the corrected form of Pamela Zave ("Reasoning about identifier spaces: how to make Chord
 * correct", IEEE TSE 2017, arXiv:1610.01140): the state of a node, the steps that change it, lookup, failure detection
 * and broadcast. Plain Java: no Spring, no HTTP. Clock, randomness and threads come only from
 * {@link io.chordshare.runtime.NodeRuntime}.
 */
@NullMarked
package io.chordshare.ring;

import org.jspecify.annotations.NullMarked;
