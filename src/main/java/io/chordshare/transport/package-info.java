/** Communication between nodes: one HTTP interface, implemented by the controller and used as the client. */
@NullMarked
package io.chordshare.transport;

import org.jspecify.annotations.NullMarked;
