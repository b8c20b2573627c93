/**
 * The ring as its users see and steer it: view, join, leave, nodes and lookup.
 */
@NullMarked
package io.chordshare.admin;

import org.jspecify.annotations.NullMarked;
