/** What api.md promises, asked of real nodes over HTTP, each started as {@code java -jar} starts it. */
@NullMarked
package io.chordshare.http;

import org.jspecify.annotations.NullMarked;
