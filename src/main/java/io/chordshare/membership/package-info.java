/**
 * A node's place in the ring as its users see it: joining and leaving, looking keys up, who is there; and the beans that
 * start the node, tick its background work and end it.
 */
@NullMarked
package io.chordshare.membership;

import org.jspecify.annotations.NullMarked;
