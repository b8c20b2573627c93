package io.chordshare.transport;

import io.chordshare.id.ChordId;
import io.chordshare.ring.protocol.RingRequest.Suspect;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Suspects in the query of a ping, which has no body: {@code id:incarnation,id:incarnation}. */
public final class Suspects {

    private Suspects() {}

    static String format(List<Suspect> suspects) {
        return suspects.stream().map(suspect -> suspect.id() + ":" + suspect.incarnation())
                .collect(Collectors.joining(","));
    }

    /** @throws IllegalArgumentException unless {@code text} is such a list */
    static List<Suspect> parse(String text) {
        return Stream.of(text.split(",")).map(Suspects::parseOne).toList();
    }

    private static Suspect parseOne(String text) {
        String[] parts = text.split(":");
        if (parts.length != 2) {
            throw new IllegalArgumentException("suspects are id:incarnation");
        }
        return new Suspect(ChordId.parse(parts[0]), Long.parseLong(parts[1]));
    }
}
