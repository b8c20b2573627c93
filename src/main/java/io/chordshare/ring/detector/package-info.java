/**
 * The failure detector (SWIM with Lifeguard): probes, suspicion, local health and round-trip estimates.
 */
@NullMarked
@NamedInterface("detector")
package io.chordshare.ring.detector;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
