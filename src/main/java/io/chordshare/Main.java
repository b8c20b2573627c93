package io.chordshare;

import io.chordshare.cli.TerminalClient;
import java.lang.reflect.InvocationTargetException;

/**
 * What {@code java -jar chordshare.jar} starts: the terminal client where the first argument is one of its commands,
 * else a node. This class, the client and picocli also lie at the top of the jar, outside of Spring Boot's part of it.
 * The client so starts without Spring Boot's loader, which takes a quarter of a second before the first class of ours.
 */
public final class Main {

    private static final String LOADER_OF_THE_JAR = "org.springframework.boot.loader.launch.JarLauncher";

    private Main() {}

    /**
     * @param args a command of the client with its arguments, or settings of a node as {@code --name=value}
     * @throws Throwable what the start of a node threw
     */
    public static void main(String[] args) throws Throwable {
        // Spring Boot's own tools for a jar have arguments of theirs
        if (System.getProperty("jarmode") == null) {
            if (TerminalClient.isMeantBy(args)) {
                System.exit(TerminalClient.run(args));
            }
            PreparedStart.goOn();
        }
        try {
            Class.forName(LOADER_OF_THE_JAR).getMethod("main", String[].class).invoke(null, (Object) args);
        } catch (InvocationTargetException e) {
            throw e.getCause() == null ? e : e.getCause();
        }
    }
}
