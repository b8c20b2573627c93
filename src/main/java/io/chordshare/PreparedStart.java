package io.chordshare;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The start of a node from what the build has prepared beside the jar: the jar unpacked, with an AOT cache of its
 * classes (JEP 483 and 515). That takes a third of the time. A JVM takes its cache at its start only, so this one gives
 * its process to another one (execv), which has the same number, terminal and signals. Where that cannot be done, this
 * JVM goes on and starts the node by itself.
 */
final class PreparedStart {

    /** A directory beside the jar. */
    private static final String DIRECTORY = "chordshare";
    private static final String JAR = "chordshare.jar";
    private static final String CACHE = "chordshare.aot";
    private static final String JAR_OPTION = "-jar";
    /** Options that say themselves which classes are loaded from where, or that this JVM has begun to obey. */
    private static final List<String> NOT_WITH = List.of("-XX:AOT", "-XX:SharedArchiveFile", "-Xshare", "-javaagent",
            "-agentlib", "-agentpath", "-XX:StartFlightRecording", "-XX:+AutoCreateSharedArchive");

    private PreparedStart() {}

    /** Returns only when it cannot be done. */
    static void goOn() throws Throwable {
        Optional<List<String>> command = command(ProcessHandle.current().info(), Path.of(
                System.getProperty("java.class.path")));
        if (command.isPresent()) {
            exec(command.get());
        }
    }

    /**
     * The command that starts the prepared node, with the same options and arguments.
     *
     * @param running how this JVM was started
     * @param jar     that it runs
     * @return empty when nothing is prepared for this jar, or the options do not allow it
     */
    static Optional<List<String>> command(ProcessHandle.Info running, Path jar) throws IOException {
        Optional<String> java = running.command();
        List<String> given = running.arguments().map(Arrays::asList).orElse(List.of());
        int at = given.indexOf(JAR_OPTION);
        if (java.isEmpty() || at < 0 || at + 1 >= given.size() || !isPreparedFor(jar)
                || given.subList(0, at).stream().anyMatch(option -> NOT_WITH.stream().anyMatch(option::startsWith))) {
            return Optional.empty();
        }
        Path prepared = prepared(jar);
        List<String> command = new ArrayList<>();
        command.add(java.get());
        command.addAll(given.subList(0, at));
        command.add("-XX:AOTCache=" + prepared.resolve(CACHE));
        command.add(JAR_OPTION);
        command.add(prepared.resolve(JAR).toString());
        command.addAll(given.subList(at + 2, given.size()));
        return Optional.of(command);
    }

    private static Path prepared(Path jar) {
        return jar.toAbsolutePath().getParent().resolve(DIRECTORY);
    }

    /** What was prepared for another build is older than the jar. */
    private static boolean isPreparedFor(Path jar) throws IOException {
        Path cache = prepared(jar).resolve(CACHE);
        return Files.isRegularFile(jar) && Files.isRegularFile(cache)
                && Files.getLastModifiedTime(cache).compareTo(Files.getLastModifiedTime(jar)) >= 0;
    }

    private static void exec(List<String> command) throws Throwable {
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> execv = linker.defaultLookup().find("execv");
        if (execv.isEmpty()) {
            return;
        }
        MethodHandle call = linker.downcallHandle(execv.get(),
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment arguments = arena.allocate(ValueLayout.ADDRESS, command.size() + 1L);
            for (int i = 0; i < command.size(); i++) {
                arguments.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(command.get(i)));
            }
            arguments.setAtIndex(ValueLayout.ADDRESS, command.size(), MemorySegment.NULL);
            int failed = (int) call.invokeExact(arena.allocateFrom(command.getFirst()), arguments);
            System.err.println("The prepared start fails (" + failed + "). The node starts without it, more slowly");
        }
    }
}
