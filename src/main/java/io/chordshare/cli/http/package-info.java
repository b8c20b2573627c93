/** The client's own HTTP and JSON code, which starts faster than a library. */
@NullMarked
package io.chordshare.cli.http;

import org.jspecify.annotations.NullMarked;
