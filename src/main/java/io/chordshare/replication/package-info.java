/**
 * Where copies belong and how they get there: reading and writing records at a majority of their owner set, spreading,
 * catching up, hand-over and repair. No clock, randomness, thread or socket but through the ring's runtime.
 */
@NullMarked
package io.chordshare.replication;

import org.jspecify.annotations.NullMarked;
