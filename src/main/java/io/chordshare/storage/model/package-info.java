/** What is stored: files, versions, hashes. */
@NullMarked
@NamedInterface("model")
package io.chordshare.storage.model;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
