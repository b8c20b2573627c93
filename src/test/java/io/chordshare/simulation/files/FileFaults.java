package io.chordshare.simulation.files;

import io.chordshare.replication.Decommission;
import io.chordshare.ring.protocol.JoinFailedException;
import io.chordshare.ring.protocol.RingStatus;
import io.chordshare.simulation.SimulatedNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeoutException;

/**
 * What goes wrong while users are at work. Anything may happen to any number of nodes that keep their disks. A disk is
 * only lost while every file has all its copies.
 */
final class FileFaults {

    private static final int MOST_NODES = 8;
    private static final Duration LONGEST_CUT = Duration.ofSeconds(20);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(12);
    private static final Duration LONGEST_ABSENCE = Duration.ofSeconds(30);
    private static final Duration LONGEST_FULL = Duration.ofSeconds(20);
    private static final Duration ASKS_AGAIN_AFTER = Duration.ofSeconds(1);
    private static final Duration JOINS_WITHIN = Duration.ofSeconds(60);
    private static final int WORST_CLOCK_SECONDS = 3600;
    private static final int SLOWEST_DISK_MILLIS = 300;

    private final FileWorld ring;
    private final FilePlan plan;
    private final Random random;
    private final List<FileNode> down = new ArrayList<>();
    /** Those that leave, are away, or come back. */
    private final List<FileNode> away = new ArrayList<>();
    private boolean over;

    FileFaults(FileWorld ring, FilePlan plan) {
        this.ring = ring;
        this.plan = plan;
        this.random = ring.world.faults();
    }

    void run() {
        ring.world.network().setLatency(plan.latency());
        ring.world.network().setLoss(plan.loss());
        for (int i = 0; i < plan.faults(); i++) {
            next();
            ring.world.run(part(plan.pace().multipliedBy(2)));
        }
        ring.world.run(plan.pace().multipliedBy(4));
        end();
    }

    private void next() {
        switch (random.nextInt(21)) {
            case 0, 1 -> join();
            case 2, 3, 4 -> crash(any());
            case 5, 6, 7 -> comeBack();
            case 8, 9 -> pause(any());
            case 10, 11 -> cut();
            case 12, 13, 14 -> leaveForAWhile(any());
            case 15 -> loseADisk();
            case 16 -> setClock(any());
            case 17 -> fill(any().machine);
            case 18, 19 -> any().setLies(true);
            default -> any().setSlowness(Duration.ofMillis(random.nextInt(SLOWEST_DISK_MILLIS)));
        }
    }

    private FileNode any() {
        List<FileNode> up = ring.up();
        return up.get(random.nextInt(up.size()));
    }

    private void join() {
        if (ring.up().size() + down.size() < MOST_NODES && !ring.members().isEmpty()) {
            ring.world.start(ring.members().getFirst().node);
        }
    }

    private void crash(FileNode node) {
        boolean othersStay = ring.members().stream().anyMatch(member -> member != node && !away.contains(member));
        if (othersStay && !away.contains(node)) {
            ring.crash(node);
            down.add(node);
        }
    }

    private void comeBack() {
        if (!down.isEmpty()) {
            ring.world.restart(down.remove(random.nextInt(down.size())).node);
        }
    }

    private void pause(FileNode node) {
        if (!node.node.isPaused()) {
            node.node.pause();
            ring.world.after(part(LONGEST_PAUSE), node.node::goOn);
        }
    }

    private void cut() {
        List<SimulatedNode> shuffled = new ArrayList<>(ring.world.up());
        Collections.shuffle(shuffled, random);
        int first = 1 + random.nextInt(shuffled.size());
        if (random.nextInt(3) == 0) {
            ring.world.network().cutOneWay(shuffled.subList(0, first), shuffled.subList(first, shuffled.size()));
        } else {
            ring.world.network().partition(List.of(shuffled.subList(0, first),
                    shuffled.subList(first, shuffled.size())));
        }
        ring.world.after(part(LONGEST_CUT), () -> {
            if (!over) {
                ring.world.network().heal();
                ring.world.network().setLoss(plan.loss());
            }
        });
    }

    private void setClock(FileNode node) {
        node.node.setWallClockOffset(Duration.ofSeconds(
                random.nextInt(2 * WORST_CLOCK_SECONDS) - WORST_CLOCK_SECONDS));
    }

    private void fill(Machine machine) {
        machine.fill();
        ring.world.after(part(LONGEST_FULL), machine::makeRoom);
    }

    private void loseADisk() {
        FileNode node = any();
        if (plan.members() > 2 && isWhole()) {
            ring.crash(node);
            ring.world.replace(node.node, ring.members().getFirst().node);
        }
    }

    /** Whether everybody is there, and every file has its copies. */
    private boolean isWhole() {
        return down.isEmpty() && away.isEmpty() && ring.up().size() > 2 && ring.isSettled()
                && ring.up().stream().noneMatch(node -> node.node.isPaused())
                && new FileCopies(ring).missing().isEmpty();
    }

    /** Leaves as a person would ask it to, and comes back in the same process after a while. */
    private void leaveForAWhile(FileNode node) {
        if (!away.isEmpty() || ring.members().size() < 3 || node.node.isPaused() || !ring.isInRing(node)
                || node.node.state().status() != RingStatus.MEMBER) {
            return;
        }
        away.add(node);
        Duration absence = part(LONGEST_ABSENCE);
        node.node.start("leave", () -> {
            leave(node);
            if (node.node.state().status() == RingStatus.ALONE) {
                node.node.sleep(absence);
                comeHome(node);
            } else {
                away.remove(node);
            }
        });
    }

    /** Until it has left, or stays after all since it takes too long. */
    private static void leave(FileNode node) {
        Decommission leaving = node.replication.leaving();
        leaving.begin();
        try {
            while (!leaving.await(LONGEST_ABSENCE)) {
                leaving.cancel();
            }
        } catch (InterruptedException e) {
            throw new AssertionError("nobody interrupts in the simulator", e);
        }
    }

    private void comeHome(FileNode node) {
        while (!ring.isInRing(node)) {
            node.node.sleep(ASKS_AGAIN_AFTER);
            List<FileNode> members = ring.members();
            if (members.isEmpty()) {
                continue;
            }
            try {
                // another node may have joined this one while it was alone
                node.node.node().joinAndMerge(members.getFirst().node.address(), JOINS_WITHIN);
            } catch (JoinFailedException | TimeoutException e) {
                // the next member may let it in
                continue;
            } catch (InterruptedException e) {
                throw new AssertionError("nobody interrupts in the simulator", e);
            }
        }
        away.remove(node);
    }

    private Duration part(Duration atMost) {
        return Duration.ofNanos((long) (atMost.toNanos() * random.nextDouble()));
    }

    /** Ends all faults, and starts every node again that was down. */
    private void end() {
        over = true;
        ring.world.network().heal();
        ring.up().forEach(node -> {
            if (node.node.isPaused()) {
                node.node.goOn();
            }
            node.setSlowness(Duration.ZERO);
            node.setLies(false);
            node.machine.makeRoom();
        });
        while (!down.isEmpty()) {
            FileNode node = down.removeFirst();
            node.machine.makeRoom();
            ring.world.restart(node.node);
        }
        ring.require(away::isEmpty, "every node that was away is back");
    }
}
