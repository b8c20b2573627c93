/**
 * Where copies belong and how they get there: reading and writing records at a majority of their owner set, index
 * gossip, anti-entropy, hand-off and repair. Clock, randomness, threads and sockets only through the runtime port.
 */
@NullMarked
package io.chordshare.replication;

import org.jspecify.annotations.NullMarked;
