/**
 * Keeps what strangers wrote from forging lines of the log.
 */
@NullMarked
package io.chordshare.logging;

import org.jspecify.annotations.NullMarked;
