package io.chordshare.ring.protocol;

import io.chordshare.ring.join.Admission;
import io.chordshare.ring.join.Regrouping;
import io.chordshare.ring.stabilize.RingUnification;
import io.chordshare.ring.stabilize.Stabilization;

/** The parts of a node that change its state when a message asks for it. */
public record MessageSteps(Admission admission, Stabilization stabilization, RingUnification unification,
                           Regrouping regrouping) {}
