package io.chordshare.simulation.registers;

import io.chordshare.runtime.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/** Faults that wait for a moment of the protocol, and then hit the node that has come to it. Each hits once. */
final class Ambushes {

    /** Moments that are no answers. */
    enum Moment {
        /** It is the first to know that a view is decided, and has told nobody. */
        HAS_DECIDED,
        /** It is the first that answers in a view. */
        IS_FIRST_TO_ACTIVATE
    }

    private static final int MOST = 6;
    private static final int NOT_ANSWERS = 3;

    private final Random random;
    private final List<Ambush> waiting = new ArrayList<>();

    private record Ambush(Object moment, Consumer<RegisterNode> fault) {}

    Ambushes(Random random) {
        this.random = random;
    }

    /** One more, for a moment that is drawn. It must not wait. */
    void lay(Consumer<RegisterNode> fault) {
        Moment[] moments = Moment.values();
        Object moment = random.nextInt(NOT_ANSWERS) == 0 ? moments[random.nextInt(moments.length)]
                : Mishaps.KINDS.get(random.nextInt(Mishaps.KINDS.size()));
        if (waiting.size() == MOST) {
            waiting.removeFirst();
        }
        waiting.add(new Ambush(moment, fault));
    }

    void answers(RegisterNode node, Request<?> request) {
        comes(node, request.getClass());
    }

    void comes(RegisterNode node, Object moment) {
        for (Ambush ambush : List.copyOf(waiting)) {
            if (ambush.moment().equals(moment) && random.nextInt(3) == 0) {
                waiting.remove(ambush);
                ambush.fault().accept(node);
            }
        }
    }

    void end() {
        waiting.clear();
    }
}
