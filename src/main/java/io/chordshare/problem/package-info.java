/**
 * Problems as users see them: a closed set of types with stable URIs, the exception that carries one to the edge, and
 * how they are rendered. Knows nothing of files or rings.
 */
@NullMarked
package io.chordshare.problem;

import org.jspecify.annotations.NullMarked;
