/**
 * The files of a node around its registers: index gossip, copies beyond the members of a view, import from another
 * ring, leaving. Clock, randomness, threads and sockets only through the runtime port.
 */
@NullMarked
package io.chordshare.replication;

import org.jspecify.annotations.NullMarked;
