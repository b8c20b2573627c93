package io.chordshare.chaos;

import io.chordshare.chaos.NodeNetwork.Cut;
import io.chordshare.chaos.NodeNetwork.Loss;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A temporary fault of some nodes, which are numbered from 0. */
sealed interface Fault {

    /** Start, since the start of the run. */
    Duration from();

    Duration until();

    /** SIGKILL. At the end the nodes are restarted on their data. */
    record Kill(Duration from, Duration until, List<Integer> nodes) implements Fault {

        @Override
        public String toString() {
            return "kill " + names(nodes);
        }
    }

    /** SIGSTOP. At the end SIGCONT. */
    record Pause(Duration from, Duration until, List<Integer> nodes) implements Fault {

        @Override
        public String toString() {
            return "pause " + names(nodes);
        }
    }

    /** No message passes from one part to another. */
    record Split(Duration from, Duration until, List<List<Integer>> parts) implements Fault {

        List<Cut> cuts() {
            List<Cut> cuts = new ArrayList<>();
            for (List<Integer> part : parts) {
                parts.stream().filter(other -> other != part)
                        .forEach(other -> cuts.addAll(between(part, other, Loss.PACKETS)));
            }
            return cuts;
        }

        @Override
        public String toString() {
            return "split " + parts.stream().map(Fault::names).collect(Collectors.joining(" | "));
        }
    }

    /** Messages from the senders to the receivers are lost. The other direction works. */
    record OneWay(Duration from, Duration until, List<Integer> senders, List<Integer> receivers, Loss loss)
            implements Fault {

        List<Cut> cuts() {
            return between(senders, receivers, loss);
        }

        @Override
        public String toString() {
            return "lose " + loss.name().toLowerCase() + " of " + names(senders) + " to " + names(receivers);
        }
    }

    /** The nodes leave the ring with their hand-off, and join it again after the end. */
    record Leave(Duration from, Duration until, List<Integer> nodes) implements Fault {

        @Override
        public String toString() {
            return "leave of " + names(nodes);
        }
    }

    private static List<Cut> between(List<Integer> senders, List<Integer> receivers, Loss loss) {
        return senders.stream()
                .flatMap(sender -> receivers.stream().map(receiver -> new Cut(sender, receiver, loss))).toList();
    }

    private static String names(List<Integer> nodes) {
        return nodes.stream().map(node -> "node" + (node + 1)).collect(Collectors.joining(" "));
    }
}
