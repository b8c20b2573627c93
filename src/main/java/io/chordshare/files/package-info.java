/**
 * Files as users see them: upload, download, delete, list, and where the copies are. The services are plain Java over
 * the ring's runtime; the controller puts them on HTTP.
 */
@NullMarked
package io.chordshare.files;

import org.jspecify.annotations.NullMarked;
