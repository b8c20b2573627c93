/**
 * How nodes talk: one HTTP interface, implemented by the controller and called as the client, and the runtime that gives
 * the ring its clock, its threads and its peers. Carries messages and knows nothing of what they mean.
 */
@NullMarked
package io.chordshare.peer;

import org.jspecify.annotations.NullMarked;
