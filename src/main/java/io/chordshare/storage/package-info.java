/**
 * The disk of one node: blocks as files, records and the index of names in an embedded database. Knows nothing of the
 * ring. A node that is killed at any instant restarts with everything that it acknowledged.
 */
@NullMarked
package io.chordshare.storage;

import org.jspecify.annotations.NullMarked;
