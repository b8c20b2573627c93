package io.chordshare.simulation.history;

import java.util.List;

/** What the checker says of the history of one name. */
public sealed interface Verdict {

    /** How much was looked at: operations tried, and configurations compared. */
    long steps();

    /** @param order an order that explains all outcomes; open writes that are not in it need not have happened */
    record Linearizable(List<Operation> order, long steps) implements Verdict {}

    /** No order explains the outcomes. @param text for people: how far an order comes, and what is stuck then */
    record Violation(String text, long steps) implements Verdict {}

    /** The search was too large, and says nothing of the history. @param text for people: what to do */
    record GaveUp(String text, long steps) implements Verdict {}
}
