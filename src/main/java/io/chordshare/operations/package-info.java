/**
 * The edge of a node towards those who use and run it: who may call, what the web server accepts, how problems are
 * answered, health and metrics. Only looks at the other packages; nothing depends on it.
 */
@NullMarked
package io.chordshare.operations;

import org.jspecify.annotations.NullMarked;
