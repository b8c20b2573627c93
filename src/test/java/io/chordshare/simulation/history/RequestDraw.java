package io.chordshare.simulation.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What clients ask for next, at random: mostly reads and plain writes, each value written once. */
public final class RequestDraw {

    private static final int KINDS = 20;

    private final Random random;
    private final int recent;
    private final List<String> values = new ArrayList<>(List.of("never-written"));
    /** By name; there are few names. */
    private final Map<String, String> lastFound = new HashMap<>();

    /** @param recent how many of the last values a condition may name */
    public RequestDraw(Random random, int recent) {
        this.random = random;
        this.recent = recent;
    }

    public Request next(String name) {
        return switch (random.nextInt(KINDS)) {
            case 0, 1, 2, 3, 4, 5, 6 -> new Request.Get();
            case 7, 8, 9, 10 -> put();
            case 11, 12 -> new Request.Put(newValue(), Condition.Plain.IF_ABSENT);
            case 13 -> new Request.Put(newValue(), Condition.Plain.IF_PRESENT);
            case 14, 15, 16 -> new Request.Put(newValue(), new Condition.IfValue(someValue(name)));
            case 17 -> new Request.Delete(new Condition.IfValue(someValue(name)));
            default -> new Request.Delete();
        };
    }

    /** A plain write of something new. */
    public Request put() {
        return new Request.Put(newValue());
    }

    /** Conditions name mostly what was found last. */
    public void noteFound(String name, String value) {
        lastFound.put(name, value);
    }

    private String newValue() {
        String value = "v" + values.size();
        values.add(value);
        return value;
    }

    /** Mostly what was last found, or else one of the last few: that may be the present one. */
    private String someValue(String name) {
        int back = random.nextInt(Math.min(values.size(), recent));
        String any = values.get(values.size() - 1 - back);
        return random.nextInt(4) > 0 ? lastFound.getOrDefault(name, any) : any;
    }
}
