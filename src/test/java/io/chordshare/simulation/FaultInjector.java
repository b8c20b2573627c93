package io.chordshare.simulation;

import io.chordshare.ring.protocol.RingStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Injects the faults of a plan. In safe mode, it first checks that Zave's assumptions allow a fault. */
final class FaultInjector {

    private static final int MOST_AT_ONCE = 4;
    /** Shorter than the timeout of a ping, so that no node takes it for a death. */
    private static final Duration SHORT_PAUSE = Duration.ofMillis(400);
    private static final Duration LONG_PAUSE = Duration.ofSeconds(25);
    private static final Duration LONG_CUT = Duration.ofSeconds(40);
    /** A node that has not left by then is still leaving at the final check, which reports that. */
    private static final Duration LONGEST_LEAVE = Duration.ofSeconds(60);
    private static final double MOST_CLOCK_DRIFT = 0.3;

    private final FaultPlan plan;
    private final Simulation world;
    private final Population population;
    private final RunOracle oracle;
    private final AllowedFailures allowed;
    private final Random random;
    private boolean over;

    FaultInjector(FaultPlan plan, Simulation world, Population population, RunOracle oracle) {
        this.plan = plan;
        this.world = world;
        this.population = population;
        this.oracle = oracle;
        this.allowed = new AllowedFailures(oracle.ring(), plan.successors());
        this.random = world.faults();
    }

    void run() {
        world.network().setLoss(plan.loss());
        world.network().setDuplication(plan.duplication());
        for (int event = 0; event < plan.events(); event++) {
            if (plan.isSafe() || random.nextBoolean()) {
                ofSafeRuns();
            } else {
                ofWildRuns();
            }
            world.run(Duration.ofNanos((long) (plan.pace().toNanos() * 2 * random.nextDouble())));
        }
        over = true;
        end();
    }

    /** Ends all faults: the network is whole, and the nodes that others may look for are back. */
    private void end() {
        world.network().heal();
        world.up().forEach(node -> {
            if (node.isPaused()) {
                node.goOn();
            }
            node.setHandling(Duration.ZERO);
            node.setClockRate(1);
        });
        world.runUntil(() -> !population.isAnybodyLeaving(), LONGEST_LEAVE);
        for (SimulatedNode node : population.down()) {
            if (population.isFounder(node) || !plan.isSafe()) {
                restart(node);
            }
        }
    }

    private void ofSafeRuns() {
        switch (random.nextInt(10)) {
            case 0, 1 -> population.join();
            case 2 -> {
                for (int i = 2 + random.nextInt(MOST_AT_ONCE - 1); i > 0; i--) {
                    population.join();
                }
            }
            case 3, 4, 5 -> crash();
            case 6 -> leave();
            case 7, 8 -> comeBack();
            default -> pause(SHORT_PAUSE);
        }
    }

    private void crash() {
        // some nodes know a new node and others do not: mistakes show there
        SimulatedNode node = random.nextInt(3) == 0 ? population.newest() : population.any();
        if (mayCrash(node)) {
            population.crash(node);
            if (random.nextInt(4) == 0) {
                // back before any node has missed it
                restart(node);
            }
        }
    }

    private void leave() {
        SimulatedNode node = population.any();
        if (node.state().status() == RingStatus.MEMBER && !population.isLastMember(node)
                && (!plan.isSafe() || allowed.mayLeave(node.self().id()))) {
            oracle.leaves(node);
            population.leave(node, random.nextBoolean());
        }
    }

    private boolean mayCrash(SimulatedNode node) {
        if (population.staying().size() == 1 || !plan.blackouts() && population.isLastMember(node)) {
            return false;
        }
        boolean member = LiveRing.isMember(node.state(), oracle.ringId());
        return !plan.isSafe() || !member && !population.isFounder(node) || allowed.mayCrash(node.self().id());
    }

    private void comeBack() {
        List<SimulatedNode> down = population.down();
        if (!down.isEmpty()) {
            SimulatedNode node = down.get(random.nextInt(down.size()));
            if (random.nextInt(4) == 0 && !plan.blackouts()) {
                population.replace(node);
            } else {
                restart(node);
            }
        }
    }

    /** In safe runs every node has a way back: a node that knows only dead nodes is told a member. */
    private void restart(SimulatedNode node) {
        if (plan.isSafe() && !population.knowsAMember(node)) {
            population.restartThrough(population.anyMember(), node);
        } else {
            population.restart(node);
        }
    }

    private void pause(Duration atMost) {
        SimulatedNode node = population.any();
        if (!node.isPaused()) {
            node.pause();
            world.after(part(atMost), node::goOn);
        }
    }

    private Duration part(Duration atMost) {
        return Duration.ofNanos((long) (atMost.toNanos() * random.nextDouble()));
    }

    private void ofWildRuns() {
        switch (random.nextInt(7)) {
            case 0 -> pause(LONG_PAUSE);
            case 1 -> cut(groups(2 + random.nextInt(3)));
            case 2 -> {
                List<List<SimulatedNode>> sides = groups(2);
                world.network().cutOneWay(sides.getFirst(), sides.getLast());
                healLater();
            }
            case 3 -> cut(population.staying().stream().map(List::of).toList());
            case 4 -> population.any().setClockRate(1 + MOST_CLOCK_DRIFT * (2 * random.nextDouble() - 1));
            case 5 -> population.any().setHandling(Duration.ofMillis(random.nextInt(200)));
            default -> {
                for (int i = random.nextInt(MOST_AT_ONCE); i >= 0; i--) {
                    SimulatedNode node = population.any();
                    if (mayCrash(node)) {
                        population.crash(node);
                    }
                }
            }
        }
    }

    private void cut(List<List<SimulatedNode>> groups) {
        world.network().partition(groups);
        healLater();
    }

    private void healLater() {
        world.after(part(LONG_CUT), () -> {
            if (!over) {
                world.network().heal();
                world.network().setLoss(plan.loss());
                world.network().setDuplication(plan.duplication());
            }
        });
    }

    private List<List<SimulatedNode>> groups(int count) {
        List<SimulatedNode> shuffled = new ArrayList<>(population.staying());
        Collections.shuffle(shuffled, random);
        List<List<SimulatedNode>> groups = new ArrayList<>();
        for (int group = 0; group < count; group++) {
            groups.add(shuffled.subList(group * shuffled.size() / count, (group + 1) * shuffled.size() / count));
        }
        return groups;
    }
}
