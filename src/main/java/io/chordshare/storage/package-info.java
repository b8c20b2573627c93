/**
 * What one node keeps on its disk: blocks as files, records and the index of names in an embedded transactional store.
 * Knows nothing of the ring. A node that is killed at any instant starts again with everything acknowledged in place.
 */
@NullMarked
package io.chordshare.storage;

import org.jspecify.annotations.NullMarked;
