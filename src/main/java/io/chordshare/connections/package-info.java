/**
 * Client connections: their limit, which one is closed at the limit, the least rate of a client, and running transfers
 * when the node stops.
 */
@NullMarked
package io.chordshare.connections;

import org.jspecify.annotations.NullMarked;
