/** The promises of the HTTP interface, tested over HTTP with real nodes that start like {@code java -jar}. */
@NullMarked
package io.chordshare.http;

import org.jspecify.annotations.NullMarked;
