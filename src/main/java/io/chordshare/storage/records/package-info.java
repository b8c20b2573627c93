/**
 * The rows of records and of the index of names.
 */
@NullMarked
@NamedInterface("records")
package io.chordshare.storage.records;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
