package io.chordshare.simulation.files;

import io.chordshare.simulation.MutantHunt;
import io.chordshare.simulation.history.Request;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** One seed: a ring, its users, what goes wrong, and what must hold afterwards. */
final class FileRun {

    private static final int READER = 1_000_000;
    private static final int WRITER = 2_000_000;
    /** Files that are uploaded before anything goes wrong, and that nobody touches afterwards. */
    private static final int KEPT = 8;

    private FileRun() {}

    /** What a run was like. */
    record Outcome(FilePlan plan, int certain, int operations, Duration settledAfter, long events, long log) {}

    /** What does not hold with this seed, in the check's own words after its name; empty when everything does. */
    static String breach(long seed) {
        return MutantHunt.breach(() -> run(FilePlan.of(seed)));
    }

    /** @throws AssertionError when something does not hold */
    static Outcome run(FilePlan plan) {
        try (FileWorld ring = new FileWorld(plan)) {
            return run(ring, plan);
        }
    }

    private static Outcome run(FileWorld ring, FilePlan plan) {
        ring.grow(plan.nodes());
        FileUsers users = new FileUsers(ring, plan);
        for (int i = 0; i < KEPT; i++) {
            users.upload(WRITER + i, ring.members().get(i % plan.nodes()), "kept-" + i);
        }
        ring.world.run(Duration.ofSeconds(5));
        users.start();
        new FileFaults(ring, plan).run();
        Duration over = ring.world.now();
        ring.awaitSettled();
        users.stop();
        ring.world.run(Duration.ofSeconds(45));
        FileCopies copies = new FileCopies(ring);
        await(ring, "outdated lists: ", copies::outdated);
        await(ring, "missing copies: ", copies::missing);
        // every file has other copies than this one
        List<FileNode> members = ring.members();
        members.get(ring.world.faults().nextInt(members.size())).machine.flipABit(ring.world.faults());
        int reader = READER;
        for (FileNode node : ring.members()) {
            for (String name : names(users, plan)) {
                users.ask(reader++, node, name, new Request.Get());
            }
        }
        ring.world.run(Duration.ofSeconds(20));
        await(ring, "missing copies after a bit has flipped: ", copies::missing);
        await(ring, "deleted files: ", copies::undeleted);
        Duration settledAfter = ring.world.now().minus(over);
        if (users.unanswered() > 0) {
            throw ring.world.failure(new AssertionError("not readable: " + users.unanswered()
                    + " reads failed after everything was settled, the last with " + users.lastProblem() + "\n"
                    + plan + "\n" + ring.describe()));
        }
        String problem = users.history().problem();
        if (problem != null) {
            throw ring.world.failure(new AssertionError("not linearizable: " + problem + "\n" + plan));
        }
        return new Outcome(plan, users.certain(), users.history().operations().values().stream()
                .mapToInt(List::size).sum(), settledAfter, ring.world.events(), ring.world.log().hash());
    }

    private static List<String> names(FileUsers users, FilePlan plan) {
        return Stream.concat(IntStream.range(0, plan.names()).mapToObj(users::name),
                IntStream.range(0, KEPT).mapToObj(kept -> "kept-" + kept)).toList();
    }

    private interface Problems {

        List<String> now();
    }

    private static void await(FileWorld ring, String what, Problems problems) {
        if (!ring.world.runUntil(() -> problems.now().isEmpty(), Duration.ofMinutes(3))) {
            throw ring.world.failure(new AssertionError(what + problems.now() + "\n" + ring.describe()));
        }
    }
}
