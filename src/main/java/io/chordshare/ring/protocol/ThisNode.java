package io.chordshare.ring.protocol;

import io.chordshare.runtime.NodeRuntime;

/**
 * What every part of a node needs.
 *
 * @param runtime the port to everything outside the code
 * @param cell    the node's state
 * @param steps   the one queue of steps that ask a peer and then change the state
 */
public record ThisNode(NodeRuntime runtime, StateCell cell, StepQueue steps) {}
