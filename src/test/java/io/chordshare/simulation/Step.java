package io.chordshare.simulation;

import java.util.Locale;

/** What may happen next to one node of a small ring. */
enum Step {
    /** It asks its successor, or the nearer candidate, which answers at this moment. */
    ASK,
    /** The candidate is busy for too long: the second stabilise step is dropped. */
    GIVE_WAY,
    /** The answer arrives. */
    GET_ANSWER,
    /** The answer does not arrive: who gave it has died. */
    LOSE_ANSWER,
    /** It asks the other to be let in behind it. */
    JOIN,
    /** A notice of the other arrives, and the node rectifies. */
    RECTIFY,
    /** As {@link #RECTIFY}, with a notice of the other's process before its crash. */
    RECTIFY_OLD,
    /** Its failure detector knows that the other's process is dead. */
    LEARN_DEATH,
    /** As {@link #ASK}, and before the answer arrives its failure detector knows that the other's process is dead. */
    LEARN_DEATH_WHILE_ASKING,
    /** Its ping finds the other under a new incarnation. */
    LEARN_RETURN,
    /** It leaves: its farewell is under way. */
    DEPART,
    /** The farewell of the other arrives. */
    HEAR_FAREWELL,
    /** It has said its farewell and is a ring of its own. */
    BE_GONE,
    CRASH,
    /** The same node, with its disk, under the next incarnation. */
    RESTART;

    private static final int POSITIONS = 4;
    private static final Step[] ALL = values();

    /** Of a step and the position of another node. */
    static final int CODES = POSITIONS * ALL.length;

    int code(int other) {
        return ordinal() * POSITIONS + other;
    }

    /** Of a whole move: which node, which step, and which other node. */
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
            case JOIN, RECTIFY, RECTIFY_OLD, LEARN_DEATH, LEARN_DEATH_WHILE_ASKING, LEARN_RETURN, HEAR_FAREWELL -> true;
            default -> false;
        };
        return node(move) + " " + words + (ofAnother ? " " + Byte.toUnsignedInt(move) % POSITIONS : "");
    }
}
