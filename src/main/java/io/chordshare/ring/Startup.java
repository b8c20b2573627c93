package io.chordshare.ring;

import io.chordshare.ring.RingMemory.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

    private final Entrance entrance;
    private final NodeRuntime runtime;
    private final RingNames names;
    private final Contacts contacts;
    private final Identity identity;
    private final List<String> seeds;
    private final String address;

    Startup(Entrance entrance, NodeRuntime runtime, RingNames names, Contacts contacts, Identity identity,
            Peer self, List<String> seeds) {
        this.entrance = entrance;
        this.runtime = runtime;
        this.names = names;
        this.address = self.address();
        this.contacts = contacts;
        this.identity = identity;
        this.seeds = seeds.stream().filter(seed -> !seed.equals(address)).toList();
    }

    void run() {
        boolean neverWithOthers = identity.contacts().isEmpty()
                && identity.electors().stream().allMatch(peer -> peer.id().equals(identity.id()));
        if (seeds.isEmpty() && neverWithOthers) {
            entrance.found(identity.ringId());
            return;
        }
        String lastProblem = "";
        for (int round = 0; entrance.isWanted(); round++) {
            if (round > 0) {
                runtime.sleep(RETRY_AFTER.plusMillis(runtime.random().nextLong(RETRY_AFTER.toMillis())));
            }
            for (String other : addresses()) {
                Optional<String> problem = tryJoin(other);
                if (problem.isEmpty()) {
                    return;
                }
                lastProblem = logOnce(problem.get(), lastProblem);
            }
            if (round >= ROUNDS_BEFORE_FOUNDING && mayFoundAgain()) {
                log.info("all of the last ring are starting, and this node begins it again");
                entrance.foundAgain();
                return;
            }
        }
    }

    private List<String> addresses() {
        List<String> all = new ArrayList<>();
        // members that ping us while we look for our ring become contacts, too
        contacts.all().forEach(peer -> all.add(peer.address()));
        identity.electors().forEach(peer -> all.add(peer.address()));
        all.addAll(seeds);
        return all.stream().distinct().filter(other -> !other.equals(address)).toList();
    }

    private Optional<String> tryJoin(String other) {
        try {
            Peer entry = runtime.identify(other);
            boolean asked = seeds.contains(other);
            entrance.enter(entry, asked);
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
        int left = 0;
        for (Peer elector : electors) {
            if (elector.id().equals(identity.id())) {
                up++;
                continue;
            }
            try {
                RingRequest.Pong pong = runtime.call(elector, new RingRequest.Ping());
                if (!names.recognize(pong.ringIds())) {
                    // it left while this node was down: it counts no more than if we had heard its farewell
                    left++;
                    continue;
                }
                boolean waitsToo = pong.status() == RingStatus.JOINING;
                if (!waitsToo || elector.id().compareTo(identity.id()) < 0) {
                    return false;
                }
                up++;
            } catch (PeerException e) {
                log.debug("{} is not back yet: {}", elector, e.getMessage());
            }
        }
        return up > (electors.size() - left) / 2;
    }

    private static String logOnce(String problem, String last) {
        if (!problem.equals(last)) {
            log.info("not in the ring yet: {}. Trying on", problem);
        }
        return problem;
    }
}
