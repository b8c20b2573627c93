package io.chordshare.ring.join;

import io.chordshare.ring.membership.IdentityStore.Identity;
import io.chordshare.ring.membership.KnownPeers;
import io.chordshare.ring.protocol.JoinFailedException;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a node enters its ring at the start. It founds a ring when nothing indicates that one exists, joins through its
 * seeds, or finds the ring that it was in. A node that was in a ring with others never founds a new one by itself. The
 * exception: when all nodes of a ring start, a majority of the ring's electors lets one of them found it again
 * ({@link Regrouping}).
 */
public final class Bootstrap {

    private static final Logger log = LoggerFactory.getLogger(Bootstrap.class);

    /**
     * Seeds and known peers are asked again after this pause while none answers, and sooner when a new address becomes
     * known.
     */
    private static final Duration RETRY_AFTER = Duration.ofMillis(700);
    private static final Duration RETRY_NOT_BEFORE = Duration.ofMillis(100);
    /** After a power cut many known peers may be down, and each of them takes seconds to time out. */
    private static final int ASKED_AT_ONCE = 32;
    /** Old addresses without a node must not delay the others ... */
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    /** ... but a busy node may answer late, so every few rounds the timeout is longer. */
    private static final int LONG_TIMEOUT_EVERY = 4;
    private static final Duration LONG_PATIENCE = Duration.ofSeconds(5);
    /** The first rounds find members that are up. Only after them does this node try to found the ring again. */
    private static final int ROUNDS_BEFORE_FOUNDING = 3;

    private final RingEntry ringEntry;
    private final NodeRuntime runtime;
    private final Regrouping regrouping;
    private final KnownPeers knownPeers;
    private final Identity identity;
    private final List<String> seeds;
    private final String address;

    public Bootstrap(RingEntry ringEntry, NodeRuntime runtime, Regrouping regrouping, KnownPeers knownPeers,
            Identity identity,
            Peer self, List<String> seeds) {
        this.ringEntry = ringEntry;
        this.runtime = runtime;
        this.regrouping = regrouping;
        this.address = self.address();
        this.knownPeers = knownPeers;
        this.identity = identity;
        this.seeds = seeds.stream().filter(seed -> !seed.equals(address)).toList();
    }

    public void run() {
        boolean neverWithOthers = identity.knownPeers().isEmpty()
                && identity.electors().stream().allMatch(peer -> peer.id().equals(identity.id()));
        if (seeds.isEmpty() && neverWithOthers) {
            ringEntry.found(identity.ringId());
            return;
        }
        String lastProblem = "";
        for (int round = 0; ringEntry.isWanted(); round++) {
            if (round > 0) {
                runtime.sleep(RETRY_NOT_BEFORE);
                regrouping.awaitNews(RETRY_AFTER.plusMillis(runtime.random().nextLong(RETRY_AFTER.toMillis())));
            }
            Duration timeout = (round + 1) % LONG_TIMEOUT_EVERY == 0 ? LONG_PATIENCE : TIMEOUT;
            List<Peer> found = new ArrayList<>();
            List<String> addresses = addresses();
            for (int from = 0; from < addresses.size(); from += ASKED_AT_ONCE) {
                List<String> asked = addresses.subList(from, Math.min(from + ASKED_AT_ONCE, addresses.size()));
                Optional<String> problem = joinThroughAny(asked, timeout, found);
                if (problem.isEmpty()) {
                    return;
                }
                lastProblem = logOnce(problem.get(), lastProblem);
            }
            regrouping.exchange(found);
            if (round >= ROUNDS_BEFORE_FOUNDING) {
                begin();
            }
        }
    }

    private void begin() {
        regrouping.tryToGetMajority().ifPresent(until -> {
            ringEntry.foundAgain(until);
            if (!ringEntry.isWanted()) {
                regrouping.announceFounded();
            }
        });
    }

    private List<String> addresses() {
        List<String> all = new ArrayList<>();
        // members that ping this node meanwhile become known peers too
        knownPeers.all().forEach(peer -> all.add(peer.address()));
        identity.electors().forEach(peer -> all.add(peer.address()));
        all.addAll(seeds);
        all.addAll(regrouping.hints());
        return all.stream().distinct().filter(other -> !other.equals(address)).toList();
    }

    /** A node that answers at a known address. */
    private record Listening(String at, Peer peer) {}

    /**
     * Joins through the first peer that answers. Only when that fails, waits for all others too.
     *
     * @param found receives every peer that answers
     */
    private Optional<String> joinThroughAny(List<String> addresses, Duration timeout, List<Peer> found) {
        List<Listening> first = listening(addresses, timeout, answers -> !answers.isEmpty());
        Optional<String> problem = joinThrough(first);
        if (problem.isEmpty() && !first.isEmpty()) {
            return problem;
        }
        List<String> others = new ArrayList<>(addresses);
        first.forEach(one -> others.remove(one.at()));
        List<Listening> rest = listening(others, timeout, answers -> false);
        first.forEach(one -> found.add(one.peer()));
        rest.forEach(one -> found.add(one.peer()));
        if (first.isEmpty() && rest.isEmpty()) {
            return Optional.of("nobody answers at " + String.join(", ", addresses));
        }
        return rest.isEmpty() ? problem : joinThrough(rest);
    }

    private Optional<String> joinThrough(List<Listening> entries) {
        Optional<String> problem = Optional.empty();
        for (Listening entry : entries) {
            try {
                ringEntry.enter(entry.peer(), seeds.contains(entry.at()));
                return Optional.empty();
            } catch (JoinFailedException e) {
                problem = Optional.of(e.getMessage());
            }
        }
        return problem;
    }

    private List<Listening> listening(List<String> addresses, Duration timeout, Predicate<List<Listening>> enough) {
        List<PeerCall<Listening>> calls = new ArrayList<>();
        addresses.forEach(other -> calls.add(() -> new Listening(other, runtime.identify(other, timeout))));
        return Outcome.answers(runtime.gather(calls, outcomes -> enough.test(Outcome.answers(outcomes))));
    }

    private static String logOnce(String problem, String last) {
        if (!problem.equals(last)) {
            log.info("not in the ring yet: {}. Trying again", problem);
        }
        return problem;
    }
}
