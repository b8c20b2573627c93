package io.chordshare.simulation;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Finds calls in the bytecode of simulated code that make a run unrepeatable, even if a test that runs it twice would
 * not notice: calls that depend on the machine, on a salt that each JVM draws, or on a thread that the kernel does not
 * know.
 */
final class BannedCalls {

    /** Patterns for {@code owner.method}, with the reason for the ban. */
    private static final Map<Pattern, String> BANNED = new LinkedHashMap<>();

    private static void ban(String target, String why) {
        BANNED.put(Pattern.compile(target), why);
    }

    static {
        String clock = "the clock is the runtime's";
        ban("java\\.time\\.(Clock\\.system.*|(Instant|LocalDateTime|LocalDate|LocalTime|ZonedDateTime)\\.now)", clock);
        ban("java\\.lang\\.System\\.(nanoTime|currentTimeMillis)", clock);
        ban("java\\.util\\.(Date|GregorianCalendar)\\.<init>", clock);
        String random = "randomness is the runtime's";
        ban("java\\.util\\.concurrent\\.ThreadLocalRandom\\..*", random);
        ban("java\\.security\\.SecureRandom\\..*", random);
        ban("java\\.util\\.(Random|SplittableRandom)\\.<init>", random);
        ban("java\\.util\\.random\\.RandomGenerator\\.(of|getDefault)", random);
        ban("java\\.util\\.UUID\\.randomUUID|java\\.lang\\.Math\\.random", random);
        String identity = "identity hashes differ from JVM to JVM";
        ban("java\\.lang\\.System\\.identityHashCode", identity);
        ban("java\\.util\\.(IdentityHashMap|WeakHashMap)\\.<init>", identity);
        ban("java\\.lang\\.(Enum|Object)\\.hashCode", identity);
        String order = "its order is salted, or follows hashes that may be identities: "
                + "use a linked, tree or enum collection";
        ban("java\\.util\\.(Set|Map)\\.(of|copyOf|ofEntries)", order);
        ban("java\\.util\\.(HashMap|HashSet)\\.<init>", order);
        ban("java\\.util\\.concurrent\\.ConcurrentHashMap\\.(<init>|newKeySet)", order);
        ban("java\\.util\\.stream\\.Collectors\\.(toSet|toMap|toUnmodifiableSet|toUnmodifiableMap|groupingBy.*|"
                + "toConcurrentMap)", order);
        String threads = "tasks are started, and wait, through the runtime";
        ban("java\\.util\\..*\\.(parallelStream|parallel|parallelSort|parallelPrefix|parallelSetAll)", threads);
        ban("java\\.lang\\.Thread\\.(?!currentThread|isInterrupted|interrupt$).*", threads);
        ban("java\\.lang\\.Object\\.(wait|notify|notifyAll)", threads);
        ban("java\\.util\\.concurrent\\.CompletableFuture\\.(.*Async|get|join|orTimeout|completeOnTimeout|"
                + "delayedExecutor)", threads);
        ban("java\\.util\\.concurrent\\.(Executors|ForkJoinPool|.*ThreadPoolExecutor|ExecutorService|Future|"
                + "StructuredTaskScope)\\..*", threads);
        ban("java\\.util\\.concurrent\\.(Semaphore|CountDownLatch|CyclicBarrier|Phaser|Exchanger|.*BlockingQueue|"
                + ".*BlockingDeque|SynchronousQueue)\\..*", threads);
        ban("java\\.util\\.concurrent\\.locks\\..*\\..*", threads);
        ban("java\\.util\\.Timer\\..*", threads);
        ban("java\\.net\\..*Socket.*\\..*|java\\.net\\.http\\..*|java\\.nio\\.channels\\..*",
                "peers are called through the runtime");
    }

    private BannedCalls() {}

    /** Each place once: {@code Class.method uses owner.method: reason}, with the line. */
    static Map<String, String> in(JavaClasses classes) {
        Map<String, String> found = new TreeMap<>();
        for (JavaClass each : classes) {
            for (JavaAccess<?> access : accesses(each)) {
                String target = access.getTargetOwner().getName() + "." + access.getName();
                BANNED.forEach((pattern, why) -> {
                    if (pattern.matcher(target).matches() && !isSuperCall(access)) {
                        found.merge(place(access) + " uses " + target, why + " (line " + access.getLineNumber() + ")",
                                (one, other) -> one);
                    }
                });
            }
        }
        return found;
    }

    private static Set<JavaAccess<?>> accesses(JavaClass from) {
        Set<JavaAccess<?>> all = new LinkedHashSet<>(from.getAccessesFromSelf());
        all.addAll(from.getMethodReferencesFromSelf());
        all.addAll(from.getConstructorReferencesFromSelf());
        return all;
    }

    private static boolean isSuperCall(JavaAccess<?> access) {
        return access.getTargetOwner().getName().equals("java.lang.Object") && access.getName().equals("<init>");
    }

    /** Attributes nested classes and lambdas to the class that a reader sees. */
    private static String place(JavaAccess<?> access) {
        return access.getOriginOwner().getSimpleName() + "."
                + access.getOrigin().getName().replaceAll("lambda\\$(\\w+)\\$\\d+", "$1");
    }

    static List<String> lines(Map<String, String> found) {
        List<String> lines = new ArrayList<>();
        found.forEach((place, why) -> lines.add(place + ": " + why));
        return lines;
    }
}
