package io.chordshare.simulation;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** What is needed to repeat a run: the commit and the test. */
final class Replay {

    private static final String UNKNOWN = "unknown";
    /** For threads that work for a test, because the test's frames are not on their stacks. */
    private static final ScopedValue<String> TEST = ScopedValue.newInstance();

    private Replay() {}

    /** {@code Class#method} of the running test in the format of Surefire; otherwise its class, or unknown. */
    static String callingTest() {
        return TEST.isBound() ? TEST.get() : testOnStack();
    }

    /** The same task for another thread, which then knows the test that asked for it. */
    static Runnable onBehalfOfTest(Runnable task) {
        String test = callingTest();
        return () -> ScopedValue.where(TEST, test).run(task);
    }

    private static String testOnStack() {
        return StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).walk(frames -> {
            List<StackWalker.StackFrame> ours = frames
                    .filter(frame -> frame.getDeclaringClass().getName().startsWith("io.chordshare.")).toList();
            return ours.stream().filter(Replay::isTest)
                    .map(frame -> frame.getDeclaringClass().getSimpleName() + "#" + frame.getMethodName()).findFirst()
                    .orElseGet(() -> ours.stream().map(frame -> frame.getDeclaringClass().getSimpleName())
                            .filter(name -> name.endsWith("Test")).findFirst().orElse(UNKNOWN));
        });
    }

    private static boolean isTest(StackWalker.StackFrame frame) {
        return Arrays.stream(frame.getDeclaringClass().getDeclaredMethods())
                .anyMatch(method -> method.getName().equals(frame.getMethodName()) && isTest(method));
    }

    private static boolean isTest(Method method) {
        return method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class);
    }

    /** The commit of the working directory, read from its files, because starting git would cost more than the run. */
    static String commit() {
        try {
            Path git = Path.of(".git");
            if (Files.isRegularFile(git)) {
                // a worktree refers to its directory: "gitdir: …"
                git = Path.of(Files.readString(git).strip().substring("gitdir: ".length()));
            }
            String head = Files.readString(git.resolve("HEAD")).strip();
            return head.startsWith("ref: ") ? resolve(git, head.substring("ref: ".length())) : head;
        } catch (IOException | RuntimeException e) {
            return UNKNOWN;
        }
    }

    private static String resolve(Path git, String ref) throws IOException {
        Path shared = Files.exists(git.resolve("commondir"))
                ? git.resolve(Files.readString(git.resolve("commondir")).strip()).normalize() : git;
        if (Files.exists(shared.resolve(ref))) {
            return Files.readString(shared.resolve(ref)).strip();
        }
        return Files.readAllLines(shared.resolve("packed-refs")).stream().filter(line -> line.endsWith(" " + ref))
                .map(line -> line.substring(0, line.indexOf(' '))).findFirst().orElse(UNKNOWN);
    }
}
