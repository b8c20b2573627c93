/**
 * The HTTP client for other nodes, with a limit on everything that it takes and waits for.
 */
@NullMarked
@NamedInterface("client")
package io.chordshare.transport.client;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
