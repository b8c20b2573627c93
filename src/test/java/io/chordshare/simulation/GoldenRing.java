package io.chordshare.simulation;

import io.chordshare.id.ChordId;
import io.chordshare.ring.RingTestAccess;
import io.chordshare.ring.membership.IdentityStore.Identity;
import io.chordshare.ring.protocol.JoinFailedException;
import io.chordshare.ring.protocol.LookupFailedException;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Peer;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A ring that does only what a script says: no ticks, and ids are numbers from 0 to 255. Each command reports what it
 * changed, for example {@code 20 < 10 > 30 40}: node 20 has the predecessor 10 and the list 30, 40.
 */
final class GoldenRing {

    /** Enough time for a step of a few messages, and too little for any timer. */
    private static final Duration STEP = Duration.ofMillis(12);
    private static final Duration LINK = Duration.ofMillis(1);
    /** Longer than a step, and shorter than any timeout. */
    private static final Duration HELD = Duration.ofMillis(40);
    private static final Duration LONGEST_JOIN = Duration.ofSeconds(30);
    private static final int MAX_PINGS = 60;
    private static final int BITS_OF_A_NUMBER = 8;
    private static final long SEED = 1;
    private static final Pattern PEER = Pattern.compile("[0-9a-f]{8}@http://n(\\d+):8080#\\d+");

    private static final Pattern ROUND_ID = Pattern.compile("\\b([0-9a-f]{2})0{6}(0{32})?\\b");

    private final Map<Integer, SimulatedNode> nodes = new TreeMap<>();
    private final Map<Integer, String> shown = new TreeMap<>();
    private Simulation world;
    private RunOracle oracle;

    /** @return what the command changed or found */
    String run(String command) throws Exception {
        String[] words = command.split(" ");
        return switch (words[0]) {
            case "ring" -> {
                ring(Integer.parseInt(words[1].replace("r=", "")), numbers(words, 2));
                yield changes();
            }
            case "join" -> join(Integer.parseInt(words[1]), Integer.parseInt(words[3]));
            case "stabilise" -> {
                node(words[1]).node().stabilizeTick();
                yield settle(STEP);
            }
            case "crash" -> {
                node(words[1]).crash(SimulatedNode.Crash.PROCESS);
                nodes.remove(Integer.parseInt(words[1]));
                yield settle(STEP);
            }
            case "leave" -> leave(node(words[1]));
            case "ping" -> ping(node(words[1]), Integer.parseInt(words[3]));
            case "hold" -> {
                world.network().setLatency(node(words[1]).address(), node(words[2]).address(), Latency.fixed(HELD));
                yield settle(Duration.ZERO);
            }
            case "deliver" -> settle(HELD);
            case "lookup" -> lookup(Integer.parseInt(words[1]), node(words[3]));
            case "error" -> error();
            default -> throw new IllegalArgumentException("no such command: " + command);
        };
    }

    private void ring(int r, List<Integer> ids) {
        world = new Simulation(SEED, r);
        world.network().setLatency(Latency.fixed(LINK));
        String ringId = id(0).toString();
        List<Peer> members = ids.stream().map(GoldenRing::peer).toList();
        for (int i = 0; i < members.size(); i++) {
            SimulatedNode node = place(members.get(i), ringId, RingTestAccess.neighbours(members, i, r));
            RingTestAccess.place(node.node(), RingTestAccess.ideal(members, i, r, ringId));
        }
        oracle = RunOracle.watch(world, nodes.values().iterator().next(),
                EnumSet.complementOf(EnumSet.of(Invariant.CONVERGENCE)));
    }

    private SimulatedNode place(Peer self, String ringId, List<Peer> knownPeers) {
        SimulatedDisk disk = new SimulatedDisk();
        disk.save(new Identity(self.id(), 0, ringId, false, List.of(), knownPeers));
        SimulatedNode node = world.place(disk, self.address(), List.of());
        nodes.put(number(self.id()), node);
        return node;
    }

    private String join(int number, int via) throws Exception {
        SimulatedNode entry = node(String.valueOf(via));
        SimulatedNode joiner = place(peer(number), oracle.ringId(), List.of(entry.self()));
        joiner.start("join", () -> joinQuietly(joiner, entry));
        if (!world.runUntil(() -> joiner.state().status().isMember(), LONGEST_JOIN)) {
            demand(false, number + " does not get in");
        }
        return settle(STEP);
    }

    private static void joinQuietly(SimulatedNode joiner, SimulatedNode entry) {
        try {
            joiner.node().join(entry.address(), LONGEST_JOIN);
        } catch (JoinFailedException | TimeoutException e) {
            joiner.note(EventLog.Kind.FAULT, e.getMessage());
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts a simulated task", e);
        }
    }

    private String leave(SimulatedNode node) {
        oracle.leaves(node);
        node.start("leave", () -> {
            node.node().setLeaving(true);
            node.node().depart(true);
        });
        String changes = settle(STEP);
        nodes.remove(number(node.self().id()));
        return changes;
    }

    /** Pings until {@code node} has declared {@code silent} dead. */
    private String ping(SimulatedNode node, int silent) {
        for (int i = 0; i < MAX_PINGS && knows(node, silent); i++) {
            node.node().pingTick();
            world.run(SimulatedNode.PERIOD);
        }
        return settle(STEP);
    }

    private static boolean knows(SimulatedNode node, int number) {
        return node.state().successors().stream().anyMatch(peer -> number(peer.id()) == number)
                || node.state().predecessor() != null && number(node.state().predecessor().id()) == number;
    }

    private String lookup(int key, SimulatedNode asker) throws Exception {
        ChordId owner;
        try {
            owner = asker.lookup(id(key)).owner().id();
        } catch (LookupFailedException e) {
            return "not found: " + readable(e.getMessage());
        }
        int right = number(oracle.ring().snapshot().owner(id(key)).self().id());
        demand(number(owner) == right, "the owner is " + right + ", and the lookup finds " + number(owner));
        return "owner " + number(owner);
    }

    private String error() {
        RingError error = RingError.of(oracle.ring().snapshot(), world.successors());
        demand(error.ofNeighbours() == 0, "the ring error stays at " + error.ofNeighbours() + ": " + error.examples());
        return "ring error 0";
    }

    private void demand(boolean right, String otherwise) {
        if (!right) {
            throw world.failure(new InvariantBroken(new Breach(Invariant.CONVERGENCE, otherwise)));
        }
    }

    private String settle(Duration time) {
        world.run(time);
        return changes();
    }

    private String changes() {
        List<String> lines = new ArrayList<>();
        Map<Integer, String> now = new LinkedHashMap<>();
        nodes.forEach((number, node) -> now.put(number, shown(node.state())));
        now.forEach((number, line) -> {
            if (!line.equals(shown.put(number, line))) {
                lines.add(line);
            }
        });
        return lines.isEmpty() ? "nothing changes" : String.join("\n", lines);
    }

    private static String shown(RingState state) {
        return number(state.self().id()) + " < "
                + (state.predecessor() == null ? "-" : number(state.predecessor().id()))
                + " > " + (state.successors().isEmpty() ? "-" : state.successors().stream()
                        .map(peer -> String.valueOf(number(peer.id()))).collect(Collectors.joining(" ")));
    }

    private SimulatedNode node(String number) {
        SimulatedNode node = nodes.get(Integer.parseInt(number));
        if (node == null) {
            throw new IllegalArgumentException("there is no node " + number);
        }
        return node;
    }

    /** Replaces peers by their numbers. */
    static String readable(String text) {
        String numbered = PEER.matcher(text).replaceAll("$1");
        return ROUND_ID.matcher(numbered).replaceAll(hex -> String.valueOf(Integer.parseInt(hex.group(1), 16)));
    }

    static ChordId id(int number) {
        return ChordId.of(BigInteger.valueOf(number).shiftLeft(ChordId.BITS - BITS_OF_A_NUMBER));
    }

    static int number(ChordId id) {
        return id.toBigInteger().shiftRight(ChordId.BITS - BITS_OF_A_NUMBER).intValue();
    }

    private static Peer peer(int number) {
        return new Peer(id(number), "http://n" + number + ":8080", 1);
    }

    private static List<Integer> numbers(String[] words, int from) {
        return Arrays.stream(words).skip(from).map(Integer::parseInt).sorted().toList();
    }
}
