package io.chordshare.ring.protocol;

import io.chordshare.runtime.NodeRuntime;

/**
 * What every part of a node works with.
 *
 * @param runtime the port to everything outside of the code
 * @param cell    the node's state
 * @param steps   the one queue of steps that ask somebody and then change the state
 */
public record ThisNode(NodeRuntime runtime, StateCell cell, StepQueue steps) {}
