/**
 * What nodes say to each other and what each of them knows: messages, state, successor list, finger table and errors.
 */
@NullMarked
@NamedInterface("protocol")
package io.chordshare.ring.protocol;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
