/** The HTTP client for other nodes, with limits for all sizes and waits. */
@NullMarked
@NamedInterface("client")
package io.chordshare.transport.client;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
