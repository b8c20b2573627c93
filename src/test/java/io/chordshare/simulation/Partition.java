package io.chordshare.simulation;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * Which machines can reach which. Uses addresses, so a restarted process is no better connected than the one before.
 */
final class Partition {

    private Partition() {}

    static BiPredicate<SimulatedNode, SimulatedNode> none() {
        return (from, to) -> false;
    }

    /** No message passes between two groups. Nodes in no group belong to the first. */
    static BiPredicate<SimulatedNode, SimulatedNode> of(List<? extends Collection<SimulatedNode>> groups) {
        Map<String, Integer> groupOf = new HashMap<>();
        for (int group = 0; group < groups.size(); group++) {
            for (SimulatedNode node : groups.get(group)) {
                groupOf.put(node.address(), group);
            }
        }
        return (from, to) -> groupOf.getOrDefault(from.address(), 0) != (int) groupOf.getOrDefault(to.address(), 0);
    }

    /** No message passes from {@code from} to {@code to}. The other direction works. */
    static BiPredicate<SimulatedNode, SimulatedNode> oneWay(Collection<SimulatedNode> from,
                                                            Collection<SimulatedNode> to) {
        List<String> senders = from.stream().map(SimulatedNode::address).toList();
        List<String> receivers = to.stream().map(SimulatedNode::address).toList();
        return (sender, receiver) -> senders.contains(sender.address()) && receivers.contains(receiver.address());
    }
}
