@NullMarked
package io.chordshare.connections;

import org.jspecify.annotations.NullMarked;
