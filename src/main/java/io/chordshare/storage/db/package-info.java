/**
 * The embedded database: connection, schema, and the one thread that writes.
 */
@NullMarked
@NamedInterface("db")
package io.chordshare.storage.db;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.NamedInterface;
