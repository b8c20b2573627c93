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
 * How a node gets into its ring when it starts: founds one when nothing says that there is one, joins through its
 * seeds, or finds the ring that it was in. It never becomes a new ring by itself while it has been in one with others,
 * except when a majority of the ring's electors, all of them starting too, let it begin ({@link Regrouping}).
 */
public final class Bootstrap {

    private static final Logger log = LoggerFactory.getLogger(Bootstrap.class);

    /**
     * Seeds and contacts are tried again after this, for as long as none answers; sooner when a new address is told.
     */
    private static final Duration RETRY_AFTER = Duration.ofMillis(700);
    private static final Duration RETRY_NOT_BEFORE = Duration.ofMillis(100);
    /** After a power cut many of those we know may be down, and each of them takes seconds to be given up. */
    private static final int ASKED_AT_ONCE = 32;
    /** Old addresses that lead nowhere must not hold those up who answer ... */
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    /** ... but somebody very busy may take longer: every so many rounds there is time for that. */
    private static final int PATIENT_EVERY = 4;
    private static final Duration LONG_PATIENCE = Duration.ofSeconds(5);
    /** Members that are up are found in the first rounds; only then is beginning the ring again considered. */
    private static final int ROUNDS_BEFORE_BEGINNING = 3;

    private final RingEntry entrance;
    private final NodeRuntime runtime;
    private final Regrouping regrouping;
    private final KnownPeers contacts;
    private final Identity identity;
    private final List<String> seeds;
    private final String address;

    public Bootstrap(RingEntry entrance, NodeRuntime runtime, Regrouping regrouping, KnownPeers contacts,
            Identity identity,
            Peer self, List<String> seeds) {
        this.entrance = entrance;
        this.runtime = runtime;
        this.regrouping = regrouping;
        this.address = self.address();
        this.contacts = contacts;
        this.identity = identity;
        this.seeds = seeds.stream().filter(seed -> !seed.equals(address)).toList();
    }

    public void run() {
        boolean neverWithOthers = identity.contacts().isEmpty()
                && identity.electors().stream().allMatch(peer -> peer.id().equals(identity.id()));
        if (seeds.isEmpty() && neverWithOthers) {
            entrance.found(identity.ringId());
            return;
        }
        String lastProblem = "";
        for (int round = 0; entrance.isWanted(); round++) {
            if (round > 0) {
                runtime.sleep(RETRY_NOT_BEFORE);
                regrouping.awaitNews(RETRY_AFTER.plusMillis(runtime.random().nextLong(RETRY_AFTER.toMillis())));
            }
            Duration patience = (round + 1) % PATIENT_EVERY == 0 ? LONG_PATIENCE : PATIENCE;
            List<Peer> found = new ArrayList<>();
            List<String> addresses = addresses();
            for (int from = 0; from < addresses.size(); from += ASKED_AT_ONCE) {
                List<String> asked = addresses.subList(from, Math.min(from + ASKED_AT_ONCE, addresses.size()));
                Optional<String> problem = joinThroughAny(asked, patience, found);
                if (problem.isEmpty()) {
                    return;
                }
                lastProblem = logOnce(problem.get(), lastProblem);
            }
            regrouping.exchange(found);
            if (round >= ROUNDS_BEFORE_BEGINNING) {
                begin();
            }
        }
    }

    private void begin() {
        regrouping.leaveToBegin().ifPresent(until -> {
            entrance.foundAgain(until);
            if (!entrance.isWanted()) {
                regrouping.tellTheOthers();
            }
        });
    }

    private List<String> addresses() {
        List<String> all = new ArrayList<>();
        // members that ping us while we look for our ring become contacts, too
        contacts.all().forEach(peer -> all.add(peer.address()));
        identity.electors().forEach(peer -> all.add(peer.address()));
        all.addAll(seeds);
        all.addAll(regrouping.hints());
        return all.stream().distinct().filter(other -> !other.equals(address)).toList();
    }

    /** Somebody who listens at an address that we know. */
    private record Listening(String at, Peer peer) {}

    /**
     * Joins through the first peer that answers. Waits for machines that are down only when that fails.
     *
     * @param found gets every peer that answered
     */
    private Optional<String> joinThroughAny(List<String> addresses, Duration patience, List<Peer> found) {
        List<Listening> first = listening(addresses, patience, answers -> !answers.isEmpty());
        Optional<String> problem = joinThrough(first);
        if (problem.isEmpty() && !first.isEmpty()) {
            return problem;
        }
        List<String> others = new ArrayList<>(addresses);
        first.forEach(one -> others.remove(one.at()));
        List<Listening> rest = listening(others, patience, answers -> false);
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
                entrance.enter(entry.peer(), seeds.contains(entry.at()));
                return Optional.empty();
            } catch (JoinFailedException e) {
                problem = Optional.of(e.getMessage());
            }
        }
        return problem;
    }

    private List<Listening> listening(List<String> addresses, Duration patience, Predicate<List<Listening>> enough) {
        List<PeerCall<Listening>> calls = new ArrayList<>();
        addresses.forEach(other -> calls.add(() -> new Listening(other, runtime.identify(other, patience))));
        return Outcome.answers(runtime.gather(calls, outcomes -> enough.test(Outcome.answers(outcomes))));
    }

    private static String logOnce(String problem, String last) {
        if (!problem.equals(last)) {
            log.info("not in the ring yet: {}. Trying on", problem);
        }
        return problem;
    }
}
