package io.chordshare.simulation;

import io.chordshare.id.ChordId;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.ring.protocol.RingState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** One seed of the campaign: faults first, then everything must become right again. */
final class SeedRun {

    /** Within this many periods after the last fault, every pointer must be right, fingers included. */
    static final int PERIODS_AFTER_SAFE = 40;
    /** For nodes that declared all others dead and have to find them. */
    static final int PERIODS_AFTER_WILD = 120;
    /**
     * A joiner asks for about 25 places in turn, over several hops each. On networks slower than this, that takes long.
     */
    private static final Duration SLOW = Duration.ofMillis(20);
    /** ... and must stay right for this many. */
    private static final int PERIODS_IN_ORDER = 10;
    private static final int RANDOM_KEYS = 16;
    private static final int LOOKUP_TRIES = 5;
    /** A ring of several initial nodes gets this time to become one before events begin. */
    private static final Duration START = Duration.ofSeconds(3);

    private static final Set<Invariant> ALL_WHILE_SAFE = Set.of(Invariant.LIVE_SUCCESSOR, Invariant.PRINCIPALS,
            Invariant.ONE_RING, Invariant.NO_DUPLICATES, Invariant.RING_ORDER);

    private final FaultPlan plan;
    private final Set<Invariant> demanded;
    private final Simulation world;

    /**
     * The result of the run.
     *
     * @param periods          from the last fault until all pointers were right
     * @param detectorWasWrong whether a live node was declared dead
     * @param changes          number of events
     */
    record Outcome(FaultPlan plan, int periods, boolean detectorWasWrong, long changes) {}

    private SeedRun(FaultPlan plan, Set<Invariant> whileSafe) {
        this.plan = plan;
        this.demanded = plan.isSafe() ? whileSafe : RunOracle.ALWAYS;
        this.world = new Simulation(plan.seed(), plan.successors());
    }

    /** @throws SimulationFailure when an oracle finds something */
    static Outcome run(FaultPlan plan) {
        return run(plan, ALL_WHILE_SAFE);
    }

    private static Outcome run(FaultPlan plan, Set<Invariant> whileSafe) {
        SeedRun run = new SeedRun(plan, whileSafe);
        try {
            return run.run();
        } catch (SimulationFailure e) {
            throw e;
        } catch (Exception | AssertionError e) {
            throw run.world.failure(e);
        }
    }

    /** For mutants, as text, because types do not pass between class loaders: the broken invariant and how; or "". */
    static String breach(String mode, long seed) {
        return firstBreach(FaultPlan.of(seed, FaultPlan.Mode.valueOf(mode)), ALL_WHILE_SAFE);
    }

    /** As {@link #breach}, but of the safe invariants, only the third is checked. */
    static String breachOfOneRing(String mode, long seed) {
        return firstBreach(FaultPlan.of(seed, FaultPlan.Mode.valueOf(mode)), Set.of(Invariant.ONE_RING));
    }

    private static String firstBreach(FaultPlan plan, Set<Invariant> whileSafe) {
        try {
            run(plan, whileSafe);
            return "";
        } catch (SimulationFailure e) {
            return e.getCause() instanceof InvariantBroken broken ? broken.getMessage() : "failed: " + e.getCause();
        }
    }

    private Outcome run() throws Exception {
        world.network().setLatency(plan.latency());
        List<SimulatedNode> first = new ArrayList<>();
        RunOracle oracle;
        if (plan.grown()) {
            first.add(world.start());
            world.runUntil(() -> first.getFirst().state().status().isMember(), START);
            oracle = watch(first);
        } else {
            first.addAll(world.ideal(plan.nodes()));
            oracle = watch(first);
            world.run(START);
        }
        Population population = new Population(world, first);
        while (population.staying().size() < plan.nodes()) {
            population.join();
            world.run(Duration.ofMillis(world.faults().nextInt(1000)));
        }
        new FaultInjector(plan, world, population, oracle).run();
        int periods = converge(population, oracle);
        checkLookups(population);
        return new Outcome(plan, periods, oracle.detectorWasWrong(), world.events());
    }

    private RunOracle watch(List<SimulatedNode> first) {
        return RunOracle.watch(world, first.getFirst(), demanded);
    }

    private int converge(Population population, RunOracle oracle) {
        // with one entry per list, each late answer ends a lookup, because there is no other node to ask; a join then
        // takes several tries
        boolean slow = plan.successors() == 1 || plan.median().compareTo(SLOW) > 0;
        int limit = plan.isSafe() && !slow ? PERIODS_AFTER_SAFE : PERIODS_AFTER_WILD;
        List<String> problems = List.of("not looked at");
        int periods = 0;
        for (; periods < limit && !problems.isEmpty(); periods++) {
            world.run(SimulatedNode.PERIOD);
            problems = population.isAnybodyLeaving() ? List.of("a node is still leaving")
                    : oracle.problems(population.staying(), true);
        }
        demandNone(problems, "after " + periods + " periods without a fault");
        for (int i = 0; i < PERIODS_IN_ORDER; i++) {
            world.run(SimulatedNode.PERIOD);
            demandNone(oracle.problems(population.staying(), true), "having been in order before");
        }
        return periods;
    }

    private void demandNone(List<String> problems, String when) {
        if (!problems.isEmpty()) {
            throw new InvariantBroken(new Breach(Invariant.CONVERGENCE,
                    when + " this is wrong:\n  " + String.join("\n  ", problems)));
        }
    }

    private void checkLookups(Population population) throws Exception {
        LiveRing ring = new LiveRing(population.staying().stream().map(SimulatedNode::state).toList());
        List<ChordId> keys = new ArrayList<>(ring.members().stream().map(member -> member.self().id()).toList());
        for (int i = 0; i < RANDOM_KEYS; i++) {
            keys.add(ChordId.random(world.faults()));
        }
        for (ChordId key : keys) {
            checkLookup(population.any(), key, ring.owner(key));
        }
    }

    /** An answer may be late, and with one entry per list there is no other node to ask; but no answer may be wrong. */
    private void checkLookup(SimulatedNode asker, ChordId key, RingState right) throws Exception {
        String problem = "";
        for (int tries = 0; tries < LOOKUP_TRIES; tries++) {
            try {
                ChordId found = asker.lookup(key).owner().id();
                demandNone(found.equals(right.self().id()) ? List.of() : List.of("found " + found),
                        asker + " looked up " + key + " of " + right.self() + ":");
                return;
            } catch (LookupFailedException e) {
                problem = e.getMessage();
                world.run(SimulatedNode.PERIOD);
            }
        }
        demandNone(List.of(problem), asker + " looked up " + key + " of " + right.self() + " " + LOOKUP_TRIES
                + " times:");
    }
}
