package io.chordshare.simulation;

import java.io.IOException;
import java.net.Socket;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;

/** One example of every call that {@link BannedCalls} must find. Never run. */
final class UnrepeatableCode {

    enum Colour { RED }

    private UnrepeatableCode() {}

    static Instant clock() {
        return Instant.now();
    }

    static long nanos() {
        return System.nanoTime();
    }

    static UUID randomId() {
        return UUID.randomUUID();
    }

    static int shuffled() {
        return new Random().nextInt();
    }

    static int identity() {
        return System.identityHashCode(Colour.RED);
    }

    static Map<Object, Object> identityMap() {
        return new IdentityHashMap<>();
    }

    static int hashOfAnEnum(Enum<?> constant) {
        return constant.hashCode();
    }

    static Set<Integer> saltedSet() {
        return Set.of(1, 2);
    }

    static Map<Integer, Integer> saltedMap() {
        return Map.copyOf(new java.util.TreeMap<>());
    }

    static Map<Integer, Integer> hashMap() {
        return new HashMap<>();
    }

    static Set<Integer> collected() {
        return List.of(1).stream().collect(Collectors.toSet());
    }

    static long parallel() {
        return List.of(1).parallelStream().count();
    }

    static void sleeps() throws InterruptedException {
        Thread.sleep(1);
    }

    static void startsAThread() {
        Thread.ofVirtual();
    }

    static void async() {
        CompletableFuture.runAsync(() -> { });
    }

    static void waits() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    static void locks() {
        new ReentrantLock().lock();
    }

    static void connects() throws IOException {
        new Socket("localhost", 1).close();
    }

    static Function<Collection<Integer>, Set<Integer>> byReference() {
        return Set::copyOf;
    }
}
