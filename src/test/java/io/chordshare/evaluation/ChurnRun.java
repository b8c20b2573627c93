package io.chordshare.evaluation;

import io.chordshare.id.ChordId;
import io.chordshare.simulation.Pace;
import io.chordshare.simulation.SimulatedNode;
import io.chordshare.simulation.SimulatedNode.Crash;
import io.chordshare.simulation.Simulation;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/**
 * Nodes join and fail all the time, each in a Poisson process, and so do lookups (ToN 2003, section VI-E and table
 * III). Nodes crash instead of leaving, which is harder than the paper's voluntary leaves. The ring starts in order;
 * the measurement starts once churn has reached a steady state.
 */
final class ChurnRun {

    private static final Duration LONGEST_LOOKUP = Duration.ofMinutes(2);

    private final Simulation world;
    private final Random random;
    private final double rate;
    private final Lookups lookups;

    private ChurnRun(Simulation world, double rate) {
        this.world = world;
        this.rate = rate;
        random = world.faults();
        lookups = new Lookups(world);
    }

    /**
     * The conditions of a run.
     *
     * @param rate joins per second, and as many failures, in the whole ring
     * @param lookupsPerSecond in the whole ring
     * @param warmUp before the first lookup
     * @param measured time in which lookups start
     */
    record Conditions(int nodes, int successors, Pace pace, double rate, double lookupsPerSecond, Duration warmUp,
                      Duration measured) {}

    static Lookups.Tally of(long seed, Conditions conditions) {
        Simulation world = new Simulation(seed, conditions.successors());
        world.setPace(conditions.pace());
        world.ideal(conditions.nodes());
        ChurnRun run = new ChurnRun(world, conditions.rate());
        run.comeAndGo();
        world.run(conditions.warmUp());
        Duration end = world.now().plus(conditions.measured());
        run.look(conditions.lookupsPerSecond(), end);
        world.run(conditions.measured());
        world.run(LONGEST_LOOKUP);
        return run.lookups.tally();
    }

    private void comeAndGo() {
        if (rate > 0) {
            inAWhile(rate, this::join);
            inAWhile(rate, this::die);
        }
    }

    /** After a delay as between two events of a Poisson process. */
    private void inAWhile(double perSecond, Runnable event) {
        double seconds = -Math.log(1 - random.nextDouble()) / perSecond;
        world.after(Duration.ofNanos((long) (seconds * 1e9)), event);
    }

    private void join() {
        world.start(anybody());
        inAWhile(rate, this::join);
    }

    private void die() {
        anybody().crash(Crash.MACHINE);
        inAWhile(rate, this::die);
    }

    private void look(double perSecond, Duration end) {
        inAWhile(perSecond, () -> {
            if (world.now().compareTo(end) < 0) {
                lookups.begin(anybody(), ChordId.random(random));
                look(perSecond, end);
            }
        });
    }

    private SimulatedNode anybody() {
        List<SimulatedNode> members = world.up().stream().filter(node -> node.state().status().isMember()).toList();
        return members.get(random.nextInt(members.size()));
    }
}
