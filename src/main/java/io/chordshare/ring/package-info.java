/**
 * The Chord protocol in the corrected form of Pamela Zave ("Reasoning about identifier spaces: how to make Chord
 * correct", IEEE TSE 2017, arXiv:1610.01140): ids, intervals, the state of a node, the steps that change it, lookup,
 * failure detection and the spreading of news. Plain Java: no Spring, no HTTP, and no clock, randomness or thread but
 * through {@link io.chordshare.ring.NodeRuntime}.
 */
@NullMarked
package io.chordshare.ring;

import org.jspecify.annotations.NullMarked;
