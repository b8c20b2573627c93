package io.chordshare.ring;

import io.chordshare.ring.RingMemory.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a node gets into its ring when it starts: founds one when nothing says that there is one, joins through its seeds,
 * or finds the ring that it was in. It never becomes a new ring by itself while it has been in one with others, except
 * when a majority of the ring's electors, all of them starting too, agree that it is the one to begin.
 */
final class Startup {

    private static final Logger log = LoggerFactory.getLogger(Startup.class);

    /** Seeds and contacts are tried again after this, for as long as none answers. */
    private static final Duration RETRY_AFTER = Duration.ofMillis(700);
    /** Members that are up are found in the first rounds; only then is founding the ring again considered. */
    private static final int ROUNDS_BEFORE_FOUNDING = 3;

    private final RingNode node;
    private final NodeRuntime runtime;
    private final Identity identity;
    private final List<String> seeds;

    Startup(RingNode node, NodeRuntime runtime, Identity identity, List<String> seeds) {
        this.node = node;
        this.runtime = runtime;
        this.identity = identity;
        this.seeds = seeds.stream().filter(seed -> !seed.equals(node.state().self().address())).toList();
    }

    void run() {
        boolean neverWithOthers = identity.contacts().isEmpty()
                && identity.electors().stream().allMatch(peer -> peer.id().equals(identity.id()));
        if (seeds.isEmpty() && neverWithOthers) {
            node.found(identity.ringId());
            return;
        }
        String lastProblem = "";
        for (int round = 0; !node.isStopped() && !node.state().status().isMember(); round++) {
            if (round > 0) {
                runtime.sleep(RETRY_AFTER.plusMillis(runtime.random().nextLong(RETRY_AFTER.toMillis())));
            }
            for (String address : addresses()) {
                Optional<String> problem = tryJoin(address);
                if (problem.isEmpty()) {
                    return;
                }
                lastProblem = logOnce(problem.get(), lastProblem);
            }
            if (round >= ROUNDS_BEFORE_FOUNDING && mayFoundAgain()) {
                log.info("all of the last ring are starting, and this node begins it again");
                node.foundAgain();
                return;
            }
        }
    }

    private List<String> addresses() {
        List<String> all = new ArrayList<>();
        identity.contacts().forEach(peer -> all.add(peer.address()));
        identity.electors().forEach(peer -> all.add(peer.address()));
        all.addAll(seeds);
        return all.stream().distinct().filter(address -> !address.equals(node.state().self().address())).toList();
    }

    private Optional<String> tryJoin(String address) {
        try {
            Peer entry = runtime.identify(address);
            boolean asked = seeds.contains(address);
            node.enter(entry, asked);
            return Optional.empty();
        } catch (PeerException | JoinFailedException e) {
            return Optional.of(e.getMessage());
        }
    }

    /**
     * Everybody was switched off: a majority of the electors are up and looking for the ring of the same id, and this
     * node is the lowest of them. All nodes of a ring remember the same electors, and two majorities of them share one.
     */
    private boolean mayFoundAgain() {
        List<Peer> electors = identity.electors();
        if (identity.left() || electors.stream().noneMatch(peer -> peer.id().equals(identity.id()))) {
            return false;
        }
        int up = 0;
        for (Peer elector : electors) {
            if (elector.id().equals(identity.id())) {
                up++;
                continue;
            }
            try {
                RingRequest.Pong pong = runtime.call(elector, new RingRequest.Ping());
                boolean waitsToo = pong.status() == RingStatus.JOINING
                        && Objects.equals(identity.ringId(), pong.ringId());
                if (!waitsToo || elector.id().compareTo(identity.id()) < 0) {
                    return false;
                }
                up++;
            } catch (PeerException e) {
                log.debug("{} is not back yet: {}", elector, e.getMessage());
            }
        }
        return up > electors.size() / 2;
    }

    private static String logOnce(String problem, String last) {
        if (!problem.equals(last)) {
            log.info("not in the ring yet: {}. Trying on", problem);
        }
        return problem;
    }
}
