/** The ring for users: view, join, leave, nodes and lookup. */
@NullMarked
package io.chordshare.admin;

import org.jspecify.annotations.NullMarked;
