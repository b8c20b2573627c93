/**
 * The terminal client: {@code put}, {@code get}, {@code ls}, {@code rm}, {@code where}, {@code ring}, {@code join},
 * {@code leave}, {@code menu}. It is an HTTP client of a running node. It starts no Spring context and uses no class of
 * the node, so that it starts in a fraction of a second. For the same reason, the commands are declared with picocli's
 * programming interface instead of annotations, and HTTP uses {@link java.net.HttpURLConnection}. Both were measured
 * (docs/cli.md).
 */
@NullMarked
package io.chordshare.cli;

import org.jspecify.annotations.NullMarked;
