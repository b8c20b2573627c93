package io.chordshare.simulation.registers;

import io.chordshare.placement.PlacementTestAccess;
import io.chordshare.runtime.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Faults that follow each other within fractions of a second, so that views change all the time, and faults that wait
 * for a moment of the protocol. One disk may be lost at any moment; the next one only after every slot has had all its
 * copies again.
 */
final class Churn {

    private static final Duration LONGEST_BLINK = Duration.ofMillis(300);
    private static final Duration LONGEST_ABSENCE = Duration.ofMillis(1500);
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(1200);
    private static final Duration LONGEST_CUT = Duration.ofMillis(1200);
    private static final Duration LONGEST_DELAY_OF_AN_AMBUSH = Duration.ofMillis(30);
    private static final int MOST_MEMBERS = 3;
    private static final int MOST_NODES = 6;
    private static final int AT_ANOTHER_ADDRESS = 8;

    private final RegisterRing ring;
    private final RegisterPlan plan;
    private final RegisterFaults faults;
    private final Random random;
    private boolean mayLoseADisk;

    Churn(RegisterRing ring, RegisterPlan plan, RegisterFaults faults) {
        this.ring = ring;
        this.plan = plan;
        this.faults = faults;
        this.random = ring.world.faults();
        mayLoseADisk = plan.kind() == RegisterPlan.Kind.CHURN_AND_LOST_DISKS;
    }

    void next() {
        mayLoseADisk |= plan.kind() == RegisterPlan.Kind.CHURN_AND_LOST_DISKS && ring.isSettled();
        switch (random.nextInt(24)) {
            case 0 -> comeOrGo();
            case 1, 2 -> trouble(faults.any());
            case 3, 4, 5 -> ring.mishaps.begin(ring.world.now(), ring.world.up());
            case 6 -> faults.setClock(faults.any());
            case 7 -> slowDown(faults.any());
            case 8, 9 -> layAmbush();
            default -> changeAView();
        }
        if (random.nextInt(4) == 0) {
            // ticks come at any moment
            ring.up().forEach(node -> node.node.start("tick", node.placement::tick));
        }
    }

    private void slowDown(RegisterNode node) {
        if (random.nextBoolean()) {
            faults.slowDown(node);
        } else {
            node.store.setSlowness(plan.diskTime());
        }
    }

    /** One node at a time, or so: a ring that is in pieces changes no views. */
    private void trouble(RegisterNode node) {
        if (!ring.isWell()) {
            return;
        }
        switch (random.nextInt(4)) {
            case 0 -> crash(node, LONGEST_BLINK);
            case 1 -> crash(node, LONGEST_ABSENCE);
            case 2 -> faults.pause(node, LONGEST_PAUSE);
            default -> faults.cut(LONGEST_CUT);
        }
    }

    private void changeAView() {
        if (plan.kind() == RegisterPlan.Kind.COME_AND_GO) {
            comeOrGo();
            return;
        }
        List<RegisterNode> members = new ArrayList<>(ring.members());
        if (members.size() < plan.members()) {
            return;
        }
        Collections.shuffle(members, random);
        int size = plan.kind() == RegisterPlan.Kind.CHURN_AND_LOST_DISKS ? plan.members()
                : Math.min(members.size(), 1 + random.nextInt(MOST_MEMBERS));
        List<Peer> next = members.subList(0, size).stream().map(member -> member.node.self()).toList();
        RegisterNode proposer = members.get(random.nextInt(members.size()));
        int slot = random.nextInt(ring.slots.count());
        proposer.node.start("propose", () -> PlacementTestAccess.propose(proposer.placement, slot, next,
                plan.kind().hasBlocks()));
    }

    private void comeOrGo() {
        if (plan.kind() == RegisterPlan.Kind.COME_AND_GO && random.nextBoolean() && ring.isWell()) {
            faults.leave(faults.any());
        } else {
            faults.join(MOST_NODES);
        }
    }

    private void layAmbush() {
        int fault = random.nextInt(10);
        ring.ambushes.lay(node -> ring.world.after(random.nextBoolean() ? Duration.ZERO
                : faults.part(LONGEST_DELAY_OF_AN_AMBUSH), () -> {
            if (node.node.isUp()) {
                hit(node, fault);
            }
        }));
    }

    private void hit(RegisterNode node, int fault) {
        if (!ring.isWell()) {
            return;
        }
        switch (fault) {
            case 0, 1, 2 -> crash(node, LONGEST_BLINK);
            case 3 -> crash(node, LONGEST_ABSENCE);
            case 4 -> faults.pause(node, LONGEST_PAUSE);
            case 5, 6 -> crashSome();
            case 7 -> slowDown(node);
            default -> loseDisk(node);
        }
    }

    /** Several at once, but where nodes leave: who is left alone then would take itself for the whole ring. */
    private void crashSome() {
        if (plan.kind() != RegisterPlan.Kind.COME_AND_GO) {
            List.copyOf(ring.up()).stream().filter(other -> random.nextBoolean())
                    .forEach(other -> crash(other, LONGEST_BLINK));
        }
    }

    private void crash(RegisterNode node, Duration absence) {
        if (faults.crash(node)) {
            ring.world.after(faults.part(absence), () -> faults.comeBack(node,
                    mayMove() && random.nextInt(AT_ANOTHER_ADDRESS) == 0 ? ring.world.newAddress()
                            : node.node.address()));
        }
    }

    /** Who was down itself finds nobody at a new address: the others have to hear of it. */
    private boolean mayMove() {
        return ring.members().size() == ring.up().size() && faults.down() == 1;
    }

    private void loseDisk(RegisterNode node) {
        if (mayLoseADisk && !faults.isLeaving(node) && ring.survivesALoss()) {
            mayLoseADisk = false;
            faults.loseDisk(node);
        }
    }
}
