package io.chordshare.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.function.BiPredicate;

/**
 * Many nodes in one thread of virtual time, joined by a network that the test may cut. The same seed gives the same run.
 * Only what production does not have either is idealised: nothing is lost between machines that reach each other.
 */
final class InMemoryRing {

    /** How long a caller waits for a machine that does not answer. */
    static final Duration CALL_TIMEOUT = Duration.ofMillis(500);
    /** Between two ticks of one node, as in production. */
    static final Duration PERIOD = Duration.ofSeconds(1);

    final VirtualTime time = new VirtualTime();
    final Random random;
    private final int successors;
    private final Map<String, InMemoryNode> listening = new LinkedHashMap<>();
    private final Map<Class<?>, Integer> messages = new LinkedHashMap<>();
    private BiPredicate<InMemoryNode, InMemoryNode> cut = (from, to) -> false;
    private int named;

    InMemoryRing(long seed) {
        this(seed, 4);
    }

    InMemoryRing(long seed, int successors) {
        this.random = new Random(seed);
        this.successors = successors;
    }

    int successors() {
        return successors;
    }

    // -- machines ----------------------------------------------------------------------------------------------------

    /** A new machine with an empty disk; it founds a ring when it has no seeds. */
    InMemoryNode start(InMemoryNode... seeds) {
        return start(new InMemoryMemory(), newAddress(), seeds);
    }

    InMemoryNode start(InMemoryMemory memory, String address, InMemoryNode... seeds) {
        return start(memory, address, Arrays.stream(seeds).map(InMemoryNode::address).toList());
    }

    private InMemoryNode start(InMemoryMemory memory, String address, List<String> seeds) {
        InMemoryNode node = new InMemoryNode(this, memory, address,
                new RingSettings(successors, seeds, RingSettings.REPING_AFTER));
        assertThat(listening.putIfAbsent(address, node)).as("nobody else listens at %s", address).isNull();
        node.powerOn();
        return node;
    }

    String newAddress() {
        return "http://n" + named++ + ":8080";
    }

    /** The same disk in a new process. Its seeds are only given again when it never got in: memory must be enough. */
    InMemoryNode restart(InMemoryNode before) {
        return restart(before, before.address());
    }

    InMemoryNode restart(InMemoryNode before, String address) {
        before.crash();
        boolean wasIn = before.memory().load().map(RingMemory.Identity::ringId).isPresent();
        return start(before.memory(), address, wasIn ? List.of() : before.seeds());
    }

    /** Starts a ring of {@code size} one by one, each through a random member, and waits until it is in order. */
    List<InMemoryNode> grow(int size) {
        List<InMemoryNode> nodes = new ArrayList<>(List.of(start()));
        while (nodes.size() < size) {
            run(Duration.ofMillis(10));
            InMemoryNode joiner = start(nodes.get(random.nextInt(nodes.size())));
            assertThat(runUntil(() -> joiner.state().status() == RingStatus.MEMBER, 30)).as("%s is in", joiner).isTrue();
            nodes.add(joiner);
        }
        assertBecomesOneRing(nodes, 60);
        return nodes;
    }

    void gone(InMemoryNode node) {
        listening.remove(node.address(), node);
    }

    // -- time --------------------------------------------------------------------------------------------------------

    void run(Duration duration) {
        time.runUntil(() -> false, duration);
    }

    /** Checks only every 50 ms of virtual time: looking at every event would cost more than the run itself. */
    boolean runUntil(Callable<Boolean> condition, int periods) {
        try {
            for (int step = 0; step < periods * 20; step++) {
                if (condition.call()) {
                    return true;
                }
                run(PERIOD.dividedBy(20));
            }
            return condition.call();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Runs {@code work} as a task of {@code node} and lets time pass until it has ended. */
    <T> T ask(InMemoryNode node, Callable<T> work) throws Exception {
        List<Callable<T>> ended = new ArrayList<>(1);
        node.start("test", () -> {
            try {
                T result = work.call();
                ended.add(() -> result);
            } catch (Exception e) {
                ended.add(() -> {
                    throw e;
                });
            }
        });
        assertThat(time.runUntil(() -> !ended.isEmpty(), Duration.ofMinutes(5))).as("it ends").isTrue();
        return ended.getFirst().call();
    }

    void assertBecomesOneRing(Collection<InMemoryNode> members, int periods) {
        runUntil(() -> RingOracle.problems(members, successors).isEmpty(), periods);
        assertThat(RingOracle.problems(members, successors)).as("after %s periods", periods).isEmpty();
    }

    // -- network -----------------------------------------------------------------------------------------------------

    /** From now on nothing passes from one to another for which {@code cut} holds, in either direction. */
    void cut(BiPredicate<InMemoryNode, InMemoryNode> cut) {
        this.cut = cut;
    }

    void cutOff(InMemoryNode alone) {
        cut = (from, to) -> from != to && (from == alone || to == alone);
    }

    void heal() {
        cut = (from, to) -> false;
    }

    /** How many messages of a kind were sent since {@link #forgetMessages}. */
    int messages(Class<?> kind) {
        return messages.getOrDefault(kind, 0);
    }

    void forgetMessages() {
        messages.clear();
    }

    void count(Request<?> request) {
        messages.merge(request.getClass(), 1, Integer::sum);
    }

    InMemoryNode reach(InMemoryNode from, String address) {
        InMemoryNode target = listening.get(address);
        return target == null || cut.test(from, target) || cut.test(target, from) ? null : target;
    }

    /** Messages overtake each other: each takes its own time. */
    Duration delay() {
        return Duration.ofNanos(500_000 + random.nextInt(4_500_000));
    }
}
