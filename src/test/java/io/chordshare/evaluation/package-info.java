/**
 * Measures the cost and reliability of the ring at scale, in the simulator with the production code, and compares them
 * with published figures. The long form writes the tables and charts of {@code docs/scale.md}.
 */
@NullMarked
package io.chordshare.evaluation;

import org.jspecify.annotations.NullMarked;
