package io.chordshare.simulation;

import java.util.Locale;

/** A possible next step of one node of a small ring. */
enum Step {
    /** It asks its successor, or the nearer candidate, which answers at this moment. */
    ASK,
    /** The candidate is busy for too long: the second stabilize step is dropped. */
    GIVE_WAY,
    /** The answer arrives. */
    GET_ANSWER,
    /** The answer does not arrive, because the node that gave it has died. */
    LOSE_ANSWER,
    /** It asks the other node to admit it behind that node. */
    JOIN,
    /** A notification of the other node arrives, and the node rectifies. */
    RECTIFY,
    /** As {@link #RECTIFY}, with a notification from the other node's process before its crash. */
    RECTIFY_OLD,
    /** Its failure detector learns that the other node's process is dead. */
    LEARN_DEATH,
    /**
     * As {@link #ASK}, but before the answer arrives, its failure detector learns that the other node's process is
     * dead.
     */
    LEARN_DEATH_WHILE_ASKING,
    /** Its ping finds the other node under a new incarnation. */
    LEARN_RETURN,
    /** It leaves: its leave notices are under way. */
    DEPART,
    /** The leave notice of the other node arrives. */
    HEAR_LEAVE_NOTICE,
    /** It has sent its leave notices and is a ring of its own. */
    BE_GONE,
    CRASH,
    /** The same node and disk, under the next incarnation. */
    RESTART;

    private static final int POSITIONS = 4;
    private static final Step[] ALL = values();

    /** Codes of a step and the position of another node. */
    static final int CODES = POSITIONS * ALL.length;

    int code(int other) {
        return ordinal() * POSITIONS + other;
    }

    /** The code of a whole move: node, step and other node. */
    static byte move(int node, int code) {
        return (byte) (node * CODES + code);
    }

    static int node(byte move) {
        return Byte.toUnsignedInt(move) / CODES;
    }

    static Step of(byte move) {
        return ALL[Byte.toUnsignedInt(move) % CODES / POSITIONS];
    }

    static String shown(byte move) {
        Step step = of(move);
        String words = step.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        boolean ofAnother = switch (step) {
            case JOIN, RECTIFY, RECTIFY_OLD, LEARN_DEATH, LEARN_DEATH_WHILE_ASKING, LEARN_RETURN,
                 HEAR_LEAVE_NOTICE -> true;
            default -> false;
        };
        return node(move) + " " + words + (ofAnother ? " " + Byte.toUnsignedInt(move) % POSITIONS : "");
    }
}
