package io.chordshare.simulation.registers;

import io.chordshare.placement.PlacementRequest;
import io.chordshare.placement.PlacementTestAccess;
import io.chordshare.runtime.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
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
    private static final Duration LONGEST_STUTTER = Duration.ofMillis(40);
    private static final Duration STARTS_WITHIN = Duration.ofMillis(80);
    private static final int MOST_STUTTERS = 4;
    private static final int MOST_MEMBERS = 3;
    private static final int MOST_NODES = 6;
    private static final int AT_ANOTHER_ADDRESS = 8;

    private final RegisterRing ring;
    private final RegisterPlan plan;
    private final RegisterFaults faults;
    private final Random random;
    private boolean mayLoseADisk;
    /** Nobody else proposes, so that ballots do not grow. */
    private Duration quietUntil = Duration.ZERO;

    Churn(RegisterRing ring, RegisterPlan plan, RegisterFaults faults) {
        this.ring = ring;
        this.plan = plan;
        this.faults = faults;
        this.random = ring.world.faults();
        mayLoseADisk = plan.kind() == RegisterPlan.Kind.CHURN_AND_LOST_DISKS;
        if (random.nextBoolean()) {
            ring.up().forEach(faults::setClock);
        }
    }

    void next() {
        mayLoseADisk |= plan.kind() == RegisterPlan.Kind.CHURN_AND_LOST_DISKS && ring.isSettled();
        switch (random.nextInt(24)) {
            case 0 -> comeOrGo();
            case 1 -> trouble(faults.any());
            case 2, 3, 4, 5 -> ring.mishaps.begin(ring.world.now(), ring.world.up());
            case 6 -> faults.setClock(faults.any());
            case 7 -> slowDown(faults.any());
            case 8 -> layAmbush();
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
        switch (random.nextInt(5)) {
            case 0 -> crash(node, LONGEST_BLINK);
            case 1 -> stutter(node, 1 + random.nextInt(MOST_STUTTERS));
            case 2 -> crash(node, LONGEST_ABSENCE);
            case 3 -> faults.pause(node, LONGEST_PAUSE);
            default -> faults.cut(LONGEST_CUT);
        }
    }

    /** A node that comes back proposes at once, and crashes again before it is done. */
    private void stutter(RegisterNode node, int times) {
        if (plan.kind() == RegisterPlan.Kind.COME_AND_GO || times == 0 || !faults.crash(node)) {
            quietUntil = Duration.ZERO;
            return;
        }
        quietUntil = ring.world.now().plus(LONGEST_STUTTER).plus(STARTS_WITHIN).plus(LONGEST_STUTTER);
        ring.mishaps.scatter(PlacementRequest.AcceptViews.class, quietUntil);
        ring.world.after(faults.part(LONGEST_STUTTER), () -> {
            faults.comeBack(node, node.node.address());
            at(node.node.address()).ifPresent(next ->
                    ring.world.after(STARTS_WITHIN, () -> {
                        proposeFrom(next);
                        ring.world.after(faults.part(LONGEST_STUTTER), () -> {
                            if (next.node.isUp()) {
                                stutter(next, times - 1);
                            }
                        });
                    }));
        });
    }

    private Optional<RegisterNode> at(String address) {
        return ring.up().stream().filter(node -> node.node.address().equals(address)).findFirst();
    }

    private void changeAView() {
        if (plan.kind() == RegisterPlan.Kind.COME_AND_GO) {
            switch (random.nextInt(4)) {
                case 0 -> trouble(faults.any());
                case 1 -> layAmbush();
                default -> comeOrGo();
            }
            return;
        }
        List<RegisterNode> members = ring.members();
        if (!members.isEmpty() && ring.world.now().compareTo(quietUntil) > 0) {
            proposeFrom(members.get(random.nextInt(members.size())));
        }
    }

    private void proposeFrom(RegisterNode proposer) {
        List<RegisterNode> members = new ArrayList<>(ring.members());
        if (members.size() < plan.members()) {
            return;
        }
        Collections.shuffle(members, random);
        // a view of one or two changes no more while one of them is down
        int size = plan.kind() == RegisterPlan.Kind.CHURN_AND_LOST_DISKS ? plan.members()
                : Math.min(members.size(), random.nextInt(3) > 0 ? MOST_MEMBERS : 1 + random.nextInt(MOST_MEMBERS - 1));
        List<Peer> next = members.subList(0, size).stream().map(member -> member.node.self()).toList();
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
        if (plan.kind() == RegisterPlan.Kind.COME_AND_GO && random.nextBoolean()) {
            faults.leave(node);
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
            ring.world.after(faults.part(absence), () -> {
                String address = mayMove() && random.nextInt(AT_ANOTHER_ADDRESS) == 0 ? ring.world.newAddress()
                        : node.node.address();
                faults.comeBack(node, address);
                if (plan.kind() == RegisterPlan.Kind.COME_AND_GO && random.nextInt(4) == 0) {
                    at(address).ifPresent(faults::leave);
                }
            });
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
