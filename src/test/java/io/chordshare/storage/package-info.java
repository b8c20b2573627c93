@NullMarked
package io.chordshare.storage;

import org.jspecify.annotations.NullMarked;
