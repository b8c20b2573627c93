/**
 * What is stored: records, versions, hashes, and the errors of a store.
 */
@NullMarked
@NamedInterface("model")
package io.chordshare.storage.model;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
