/**
 * What can go wrong, as its users see it: a closed set of problems, each with a stable type, and the exception that
 * carries one of them to the edge. Knows nothing of files, rings or HTTP servers.
 */
@NullMarked
package io.chordshare.problem;

import org.jspecify.annotations.NullMarked;
