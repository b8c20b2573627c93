/**
 * What the ring costs and how well it does at scale, measured in the simulator on the code that ships, beside published
 * figures. The long form writes the tables and charts of {@code docs/scale.md}.
 */
@NullMarked
package io.chordshare.evaluation;

import org.jspecify.annotations.NullMarked;
