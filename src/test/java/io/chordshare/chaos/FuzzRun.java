package io.chordshare.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/** Sends requests, several at a time, and checks the nodes meanwhile. Ends at the first problem. */
final class FuzzRun {

    private static final int AT_ONCE = 8;
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    /** A node that its neighbours dropped returns sooner than this. */
    private static final Duration ISOLATED_AT_MOST = Duration.ofSeconds(20);
    private static final Duration JOINS_WITHIN = Duration.ofSeconds(20);
    private static final Duration ENDS_WITHIN = Duration.ofSeconds(90);
    private static final int LONGER_AT_MOST = 3;
    /** Further problems may follow from the first. */
    private static final int MAX_PROBLEMS = 5;

    private final List<ProcessNode> nodes;
    private final FuzzRequests requests;
    private final List<FuzzClient> clients;
    private final long first;
    private final long end;
    private final BlockingQueue<Numbered> ready = new ArrayBlockingQueue<>(AT_ONCE);
    private volatile long latest;
    private final CountDownLatch over = new CountDownLatch(1);
    private final Queue<String> problems = new ConcurrentLinkedQueue<>();
    private final Map<String, LongAdder> statuses = new ConcurrentSkipListMap<>();
    private final Map<String, LongAdder> operations = new ConcurrentSkipListMap<>();
    private final Map<String, LongAdder> succeeded = new ConcurrentSkipListMap<>();
    private final FuzzNames names = new FuzzNames();
    private final Map<ProcessNode, Long> isolatedSince = new TreeMap<>((one, other) -> one.name.compareTo(other.name));

    private record Numbered(long number, FuzzRequest request) {}

    /** @param first the number of the first request, @param count the largest number of requests */
    FuzzRun(List<ProcessNode> nodes, FuzzRequests requests, long first, long count) {
        this.nodes = nodes;
        this.requests = requests;
        this.clients = nodes.stream().map(node -> new FuzzClient(node.address())).toList();
        this.first = first;
        this.end = first + count;
    }

    /**
     * Runs for {@code length}, or up to three times as long until each wanted operation succeeded once. This thread
     * generates the requests, because the jqwik session belongs to it.
     */
    void run(Duration length, Collection<String> wanted) throws InterruptedException {
        long start = System.nanoTime();
        BooleanSupplier isTime = () -> {
            Duration ran = Duration.ofNanos(System.nanoTime() - start);
            return ran.compareTo(length) > 0 && (succeeded.keySet().containsAll(wanted)
                    || ran.compareTo(length.multipliedBy(LONGER_AT_MOST)) > 0);
        };
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            threads.add(Thread.ofVirtual().name("fuzz-" + i).start(() -> guarded(this::work)));
        }
        threads.add(Thread.ofVirtual().name("fuzz-look").start(() -> guarded(this::watch)));
        for (long number = first; number < end && !isTime.getAsBoolean() && problems.size() < MAX_PROBLEMS; number++) {
            Numbered made = new Numbered(number, requests.get(number));
            // while all workers wait for answers, check the time again
            boolean given = false;
            while (!given && !isTime.getAsBoolean()) {
                given = ready.offer(made, LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
            }
            latest = number;
        }
        over.countDown();
        for (Thread thread : threads) {
            if (!thread.join(ENDS_WITHIN)) {
                problems.add(thread.getName() + " has not ended " + ENDS_WITHIN + " after the last request");
            }
        }
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (InterruptedException | RuntimeException | Error e) {
            problems.add("the run itself failed about request " + latest + ": " + e);
        }
    }

    private void work() throws InterruptedException {
        while (over.getCount() > 0 || !ready.isEmpty()) {
            Numbered next = ready.poll(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS);
            if (next != null) {
                send(next.number(), next.request());
            }
        }
    }

    private void send(long number, FuzzRequest request) {
        FuzzClient.Answer answer = clients.get(request.node()).send(request);
        statuses.computeIfAbsent(answer.status() == 0 ? "none" : Integer.toString(answer.status()),
                status -> new LongAdder()).increment();
        operations.computeIfAbsent(request.operation(), name -> new LongAdder()).increment();
        if (answer.status() >= 200 && answer.status() < 400) {
            succeeded.computeIfAbsent(request.operation(), name -> new LongAdder()).increment();
        }
        names.note(request, answer.status());
        FuzzOracle.problem(request, answer).ifPresent(problem -> problems.add("request %d, at %s: %s%n%s%n-> %s%n%s"
                .formatted(number, nodes.get(request.node()), problem, request, answer.head(),
                        answer.body().substring(0, Math.min(1_000, answer.body().length())))));
    }

    private void watch() throws InterruptedException {
        do {
            look();
        } while (!over.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** A dead or isolated node is a problem. A node that a request sent away is told to return. */
    private void look() {
        for (ProcessNode node : nodes) {
            if (!node.isRunning()) {
                problems.add(node + " has ended; the last requests were about " + latest);
                return;
            }
            String status = node.client.tryRing().map(RingClient.Ring::status).orElse("SILENT");
            if (status.equals("ISOLATED") || status.equals("JOINING") || status.equals("SILENT")) {
                long since = isolatedSince.computeIfAbsent(node, lost -> System.nanoTime());
                if (System.nanoTime() - since > ISOLATED_AT_MOST.toNanos()) {
                    problems.add(node + " is " + status + " since " + ISOLATED_AT_MOST + ", about request " + latest);
                }
            } else {
                isolatedSince.remove(node);
            }
            if (status.equals("ALONE") && node != nodes.getLast()) {
                problems.add(node + " is ALONE, and only " + nodes.getLast() + " is ever sent away, about request "
                        + latest);
            } else if (status.equals("ALONE")) {
                comeBack(node);
            }
        }
    }

    /** Sends the node back when the others are still a ring. Tries again a moment later on failure. */
    void comeBack(ProcessNode alone) {
        nodes.stream().filter(node -> node != alone).findFirst()
                .ifPresent(member -> alone.client.join(member.address(), JOINS_WITHIN));
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    /** The operations that succeeded at least once. */
    Set<String> succeeded() {
        return Set.copyOf(succeeded.keySet());
    }

    /** The files that the requests named. */
    FuzzNames names() {
        return names;
    }

    @Override
    public String toString() {
        long all = operations.values().stream().mapToLong(LongAdder::sum).sum();
        String rarest = succeeded.entrySet().stream().min(Comparator.comparingLong(entry -> entry.getValue().sum()))
                .map(Object::toString).orElse("none");
        return "%,d requests on %d operations, answers by status %s, least often done %s".formatted(all,
                operations.size(),
                statuses, rarest);
    }
}
