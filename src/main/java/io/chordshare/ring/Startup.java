package io.chordshare.ring;

import io.chordshare.ring.RingMemory.Identity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
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
    /** After a power cut many of those we know may be down, and each of them takes seconds to be given up. */
    private static final int ASKED_AT_ONCE = 32;
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
            List<String> addresses = addresses();
            for (int from = 0; from < addresses.size(); from += ASKED_AT_ONCE) {
                Optional<String> problem =
                        joinThroughAny(addresses.subList(from, Math.min(from + ASKED_AT_ONCE, addresses.size())));
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

    /** Somebody who listens at an address that we know. */
    private record Listening(String at, Peer peer) {}

    /** First through whoever answers first; machines that are down are waited for only when that leads nowhere. */
    private Optional<String> joinThroughAny(List<String> addresses) {
        List<Listening> first = listening(addresses, answers -> !answers.isEmpty());
        Optional<String> problem = joinThrough(first);
        if (problem.isEmpty() && !first.isEmpty()) {
            return problem;
        }
        List<String> others = new ArrayList<>(addresses);
        first.forEach(one -> others.remove(one.at()));
        List<Listening> rest = listening(others, answers -> false);
        if (first.isEmpty() && rest.isEmpty()) {
            return Optional.of("nobody answers at " + String.join(", ", addresses));
        }
        return rest.isEmpty() ? problem : joinThrough(rest);
    }

    private Optional<String> joinThrough(List<Listening> entries) {
        Optional<String> problem = Optional.empty();
        for (Listening entry : entries) {
            try {
                entrance.enter(entry.peer(), seeds.contains(entry.at()));
                return Optional.empty();
            } catch (JoinFailedException e) {
                problem = Optional.of(e.getMessage());
            }
        }
        return problem;
    }

    private List<Listening> listening(List<String> addresses, Predicate<List<Listening>> enough) {
        List<PeerCall<Listening>> calls = new ArrayList<>();
        addresses.forEach(other -> calls.add(() -> new Listening(other, runtime.identify(other))));
        return Outcome.answers(runtime.gather(calls, outcomes -> enough.test(Outcome.answers(outcomes))));
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
        List<PeerCall<RingRequest.Pong>> calls = new ArrayList<>();
        electors.stream().filter(peer -> !peer.id().equals(identity.id()))
                .forEach(elector -> calls.add(() -> runtime.call(elector, new RingRequest.Ping())));
        int up = 1;
        int left = 0;
        for (RingRequest.Pong pong : Outcome.answers(runtime.gather(calls))) {
            if (!names.recognize(pong.ringIds())) {
                // it left while this node was down: it counts no more than if we had heard its farewell
                left++;
                continue;
            }
            boolean waitsToo = pong.status() == RingStatus.JOINING;
            if (!waitsToo || pong.self().id().compareTo(identity.id()) < 0) {
                return false;
            }
            up++;
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
