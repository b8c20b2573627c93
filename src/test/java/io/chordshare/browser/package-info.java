/** The web console in a real browser, on a ring of five real nodes. */
@NullMarked
package io.chordshare.browser;

import org.jspecify.annotations.NullMarked;
