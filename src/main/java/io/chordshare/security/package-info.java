/** Who may call a node: the loopback rule and the guard against foreign web pages and hosts. */
@NullMarked
package io.chordshare.security;

import org.jspecify.annotations.NullMarked;
