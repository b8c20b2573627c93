package io.chordshare.transport;

import io.chordshare.id.ChordId;
import io.chordshare.ring.protocol.RingState;
import io.chordshare.runtime.Envelope;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.Peer;
import io.chordshare.runtime.PeerCall;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.Request;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/** The runtime of a real node: virtual threads, the clock of the machine, and HTTP to peers. */
public final class HttpRuntime implements NodeRuntime, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(HttpRuntime.class);

    /**
     * Safe to store and share. ThreadLocalRandom.current() is not: in a thread that did not call it itself, it returns
     * the same numbers in every process.
     */
    private static final RandomGenerator RANDOM = () -> ThreadLocalRandom.current().nextLong();

    /** Answers the node's requests to itself, without the network. */
    public interface Local {

        RingState state();

        Envelope envelope(@Nullable ChordId to);

        <A> A answer(Request<A> request) throws PeerException;
    }

    private final Supplier<Local> local;
    private final PeerClients clients;
    private final PeerCalls calls;
    private final String name;

    /**
     * @param name  of the node, for the names of its threads
     * @param local asked for late, because node and runtime refer to each other
     */
    public HttpRuntime(String name, JsonMapper json, Supplier<Local> local) {
        this.name = name;
        this.local = local;
        clients = new PeerClients(json, to -> local.get().envelope(to));
        calls = new PeerCalls(clients);
    }

    @Override
    public Duration uptime() {
        return Duration.ofNanos(System.nanoTime());
    }

    @Override
    public Instant wallClock() {
        return Instant.now();
    }

    @Override
    public void sleep(Duration duration) {
        try {
            Thread.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public RandomGenerator random() {
        return RANDOM;
    }

    @Override
    public <A> A call(Peer peer, Request<A> request) throws PeerException {
        Local self = local.get();
        if (self.state().self().sameNode(peer)) {
            return self.answer(request);
        }
        return calls.call(peer, request);
    }

    @Override
    public <A> A call(Peer peer, Request<A> request, Duration patience) throws PeerException {
        return within(patience, peer.toString(), () -> call(peer, request));
    }

    private <A> A within(Duration patience, String who, PeerCall<A> call) throws PeerException {
        CompletableFuture<A> answer = new CompletableFuture<>();
        Thread.ofVirtual().name(name + "-call").start(() -> {
            try {
                answer.complete(call.run());
            } catch (PeerException | RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        if (!await(answer, patience)) {
            throw new PeerException(PeerException.Reason.NO_ANSWER, who + " did not answer within "
                    + patience.toMillis() + " ms");
        }
        try {
            return answer.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerException(PeerException.Reason.NO_ANSWER, "this node is being stopped", e);
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case PeerException refused -> throw refused;
                case RuntimeException bug -> throw bug;
                default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    @Override
    public Peer identify(String address) throws PeerException {
        return calls.identify(address);
    }

    @Override
    public Peer identify(String address, Duration patience) throws PeerException {
        return within(patience, address, () -> calls.identify(address));
    }

    @Override
    public void start(String task, Runnable work) {
        Thread.ofVirtual().name(name + "-" + task).start(() -> {
            try {
                work.run();
            } catch (RuntimeException | Error e) {
                log.error("task {} ended with an error", task, e);
                throw e;
            }
        });
    }

    @Override
    public boolean await(CompletableFuture<?> future, Duration atMost) {
        try {
            future.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            // the reader of the future gets the exception
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public <T> List<Outcome<T>> gather(List<PeerCall<T>> todo, Predicate<List<Outcome<T>>> enough) {
        if (todo.size() == 1) {
            return List.of(Outcome.of(todo.getFirst()));
        }
        LinkedBlockingQueue<Answer<T>> arrived = new LinkedBlockingQueue<>();
        for (PeerCall<T> call : todo) {
            Thread.ofVirtual().name(name + "-call").start(() -> arrived.add(run(call)));
        }
        List<Outcome<T>> outcomes = new ArrayList<>(todo.size());
        while (outcomes.size() < todo.size()) {
            Answer<T> next;
            try {
                // every call has its own timeout, so this wait ends
                next = arrived.take();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            }
            if (next.bug() != null) {
                throw next.bug();
            }
            outcomes.add(Objects.requireNonNull(next.outcome()));
            if (enough.test(outcomes)) {
                break;
            }
        }
        return outcomes;
    }

    private record Answer<T>(@Nullable Outcome<T> outcome, @Nullable RuntimeException bug) {}

    private static <T> Answer<T> run(PeerCall<T> call) {
        try {
            return new Answer<>(Outcome.of(call), null);
        } catch (RuntimeException e) {
            return new Answer<>(null, e);
        }
    }

    @Override
    public void close() {
        clients.close();
    }
}
