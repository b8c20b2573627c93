/**
 * How nodes talk: one HTTP interface, implemented by the controller and called as the client.
 */
@NullMarked
package io.chordshare.transport;

import org.jspecify.annotations.NullMarked;
