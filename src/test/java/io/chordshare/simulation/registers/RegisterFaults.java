package io.chordshare.simulation.registers;

import io.chordshare.simulation.SimulatedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * What goes wrong while clients are at work. Anything may happen to any number of nodes that keep their disks; a disk
 * is only lost while every slot has all its copies, so that a majority of each view is always somewhere.
 */
final class RegisterFaults {

    private static final int MOST_NODES = 9;
    private static final Duration LONGEST_CUT = Duration.ofSeconds(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(12);
    private static final Duration LONGEST_LEAVE = Duration.ofSeconds(60);
    private static final int WORST_CLOCK_SECONDS = 3600;
    private static final int SLOWEST_DISK_MILLIS = 300;

    private final RegisterRing ring;
    private final RegisterPlan plan;
    private final Random random;
    private final List<RegisterNode> down = new ArrayList<>();
    private final List<RegisterNode> leaving = new ArrayList<>();
    private boolean over;

    RegisterFaults(RegisterRing ring, RegisterPlan plan) {
        this.ring = ring;
        this.plan = plan;
        this.random = ring.world.faults();
    }

    void run() {
        ring.world.network().setLatency(plan.latency());
        ring.world.network().setLoss(plan.loss());
        Churn churn = new Churn(ring, plan, this);
        for (int i = 0; i < plan.faults(); i++) {
            if (plan.kind().churns()) {
                churn.next();
            } else {
                next();
            }
            ring.world.run(part(plan.pace().multipliedBy(2)));
        }
        ring.world.run(plan.pace().multipliedBy(4));
        end();
    }

    private void next() {
        switch (random.nextInt(16)) {
            case 0, 1 -> join(MOST_NODES);
            case 2, 3, 4 -> crash(any());
            case 5, 6, 7 -> comeBack();
            case 8, 9 -> pause(any(), LONGEST_PAUSE);
            case 10, 11 -> cut(LONGEST_CUT);
            case 12 -> leave(any());
            case 13 -> loseADisk();
            case 14 -> setClock(any());
            default -> slowDown(any());
        }
    }

    void setClock(RegisterNode node) {
        node.node.setWallClockOffset(Duration.ofSeconds(
                random.nextInt(2 * WORST_CLOCK_SECONDS) - WORST_CLOCK_SECONDS));
    }

    void slowDown(RegisterNode node) {
        node.store.setSlowness(plan.diskTime().plusMillis(random.nextInt(SLOWEST_DISK_MILLIS)));
    }

    RegisterNode any() {
        List<RegisterNode> up = ring.up();
        return up.get(random.nextInt(up.size()));
    }

    void join(int mostNodes) {
        if (ring.up().size() + down.size() < mostNodes) {
            ring.world.start(any().node);
        }
    }

    /** @return whether it may be down now, and is */
    boolean crash(RegisterNode node) {
        boolean othersStay = ring.members().stream().anyMatch(member -> member != node && !leaving.contains(member));
        if ((plan.blackouts() || othersStay) && ring.up().size() > 1 && !leaving.contains(node)) {
            ring.crash(node);
            down.add(node);
            return true;
        }
        return false;
    }

    private void comeBack() {
        if (!down.isEmpty()) {
            ring.world.restart(down.remove(random.nextInt(down.size())).node);
        }
    }

    /** Starts it again, unless somebody else has. */
    void comeBack(RegisterNode node, String address) {
        if (down.remove(node)) {
            ring.world.restart(node.node, address);
        }
    }

    private void loseADisk() {
        RegisterNode node = any();
        boolean mayLose = !plan.blackouts() && plan.members() > 2 && ring.up().size() > 2;
        if (mayLose && down.isEmpty() && leaving.isEmpty() && ring.isSettled()) {
            loseDisk(node);
        }
    }

    void loseDisk(RegisterNode node) {
        ring.crash(node);
        ring.world.replace(node.node, any().node);
    }

    int down() {
        return down.size();
    }

    boolean isLeaving(RegisterNode node) {
        return leaving.contains(node);
    }

    void pause(RegisterNode node, Duration atMost) {
        if (!node.node.isPaused()) {
            node.node.pause();
            ring.world.after(part(atMost), node.node::goOn);
        }
    }

    void cut(Duration atMost) {
        List<SimulatedNode> shuffled = new ArrayList<>(ring.world.up());
        Collections.shuffle(shuffled, random);
        int first = 1 + random.nextInt(shuffled.size());
        if (random.nextInt(3) == 0) {
            ring.world.network().cutOneWay(shuffled.subList(0, first), shuffled.subList(first, shuffled.size()));
        } else {
            ring.world.network().partition(List.of(shuffled.subList(0, first),
                    shuffled.subList(first, shuffled.size())));
        }
        ring.world.after(part(atMost), () -> {
            if (!over) {
                ring.world.network().heal();
                ring.world.network().setLoss(plan.loss());
            }
        });
    }

    void leave(RegisterNode node) {
        if (!plan.blackouts() && leaving.isEmpty() && ring.members().size() > 2 && !node.node.isPaused()) {
            leaving.add(node);
            node.node.node().setLeaving(true);
            node.node.start("leave", () -> {
                if (node.placement.leave(LONGEST_LEAVE)) {
                    node.node.node().depart(true);
                    ring.world.after(Duration.ZERO, () -> {
                        leaving.remove(node);
                        ring.crash(node);
                    });
                } else {
                    node.placement.stay();
                    node.node.node().setLeaving(false);
                    leaving.remove(node);
                }
            });
        }
    }

    Duration part(Duration atMost) {
        return Duration.ofNanos((long) (atMost.toNanos() * random.nextDouble()));
    }

    /** Ends all faults, and starts every node again that was down. */
    private void end() {
        over = true;
        ring.ambushes.end();
        ring.mishaps.end();
        ring.world.network().heal();
        ring.up().forEach(node -> {
            if (node.node.isPaused()) {
                node.node.goOn();
            }
            node.store.setSlowness(plan.diskTime());
        });
        while (!down.isEmpty()) {
            ring.world.restart(down.removeFirst().node);
        }
        ring.require(leaving::isEmpty, "every node that was leaving has gone or stays");
    }
}
