/**
 * The connections of clients: how many there may be, which one goes when there are too many, how slow a client may be,
 * and what is still moving when the node stops.
 */
@NullMarked
package io.chordshare.connections;

import org.jspecify.annotations.NullMarked;
