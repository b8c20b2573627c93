/**
 * Files as users see them: upload, download, delete, list, locations. Plain Java over the runtime port; {@code http}
 * has the controller.
 */
@NullMarked
package io.chordshare.files;

import org.jspecify.annotations.NullMarked;
