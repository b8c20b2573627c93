package io.chordshare.simulation.registers;

import io.chordshare.simulation.MutantHunt;
import io.chordshare.simulation.history.Request;
import java.time.Duration;
import java.util.List;

/** One seed: a ring, its clients, what goes wrong, and what must hold afterwards. */
final class RegisterRun {

    private static final int READER = 1_000_000;

    private RegisterRun() {}

    /** What a run was like. */
    record Outcome(RegisterPlan plan, int certain, int operations, Duration settledAfter, long events, int views) {}

    /** What does not hold with this seed, in the check's own words after its name; empty when everything does. */
    static String breach(long seed) {
        return MutantHunt.breach(() -> run(RegisterPlan.of(seed)));
    }

    /** @throws AssertionError when something does not hold */
    static Outcome run(RegisterPlan plan) {
        RegisterRing ring = new RegisterRing(plan);
        ring.grow(plan.nodes());
        Clients clients = new Clients(ring, plan);
        clients.start();
        new RegisterFaults(ring, plan).run();
        Duration over = ring.world.now();
        ring.awaitSettled();
        Duration settledAfter = ring.world.now().minus(over);
        clients.stop();
        ring.world.run(Duration.ofSeconds(25));
        int reader = READER;
        for (RegisterNode node : ring.members()) {
            for (int name = 0; name < plan.names(); name++) {
                clients.ask(reader++, node, "file-" + name, new Request.Get());
            }
        }
        ring.world.run(Duration.ofSeconds(15));
        ring.awaitTidy();
        if (clients.unanswered() > 0) {
            throw ring.world.failure(new AssertionError("not readable: " + clients.unanswered()
                    + " reads failed after everything was settled, the last with " + clients.lastProblem() + "\n"
                    + plan + "\n" + ring.describe()));
        }
        String problem = clients.history().problem();
        if (problem != null) {
            throw ring.world.failure(new AssertionError("not linearizable: " + problem + "\n" + plan));
        }
        return new Outcome(plan, clients.certain(), clients.history().operations().values().stream()
                .mapToInt(List::size).sum(), settledAfter, ring.world.events(), ring.views());
    }
}
