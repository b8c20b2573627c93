package io.chordshare.cli.terminal;

import java.io.Console;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The input and output of a command. Results go to {@code out}. Progress, questions and errors go to {@code err}, so
 * that a pipe gets only results.
 *
 * @param bytesIn   standard input, for pipes and answers
 * @param bytesOut  standard output for the bytes of a file, unbuffered
 * @param out       standard output for text, UTF-8
 * @param err       standard error, UTF-8
 * @param sees      which of the three are a terminal
 * @param variables of the environment
 */
public record Terminal(InputStream bytesIn, OutputStream bytesOut, PrintStream out, PrintStream err, Sees sees,
                Map<String, String> variables) {

    private static final int USUAL_COLUMNS = 80;
    private static final int LEAST_COLUMNS = 20;
    private static final int MOST_COLUMNS = 1_000;
    private static final long STTY_MILLIS = 500;
    private static final int STANDARD_ERROR = 2;

    /** Which of the three streams are connected to a person. */
    public record Sees(boolean in, boolean out, boolean err) {}

    /** The terminal of this process. */
    public static Terminal ofTheProcess() {
        FileOutputStream out = new FileOutputStream(FileDescriptor.out);
        return new Terminal(new FileInputStream(FileDescriptor.in), out,
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
                new Sees(isTerminal(0), isTerminal(1), isTerminal(STANDARD_ERROR)), System.getenv());
    }

    /** Whether the user can be asked a question. */
    public boolean asks() {
        return sees.in() && sees.err();
    }

    /** The width in columns. This starts a process, so call it only to fit a drawing. */
    public int columns() {
        int set = number(variables.getOrDefault("COLUMNS", ""));
        int columns = set > 0 ? set : sees.err() || sees.out() ? columnsByStty() : 0;
        return columns == 0 ? USUAL_COLUMNS : Math.clamp(columns, LEAST_COLUMNS, MOST_COLUMNS);
    }

    /** The width that stty reports, because neither the environment nor the JDK knows it. */
    private static int columnsByStty() {
        try {
            Process stty = new ProcessBuilder("stty", "size").redirectInput(Path.of("/dev/tty").toFile()).start();
            if (!stty.waitFor(STTY_MILLIS, TimeUnit.MILLISECONDS)) {
                stty.destroyForcibly();
                return 0;
            }
            String size = new String(stty.getInputStream().readNBytes(STANDARD_ERROR * LEAST_COLUMNS),
                    StandardCharsets.US_ASCII);
            return number(size.substring(size.indexOf(' ') + 1).strip());
        } catch (IOException e) {
            // stty is missing, or this is no terminal: the default width is used
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private static int number(String text) {
        return text.matches("[0-9]{1,6}") ? Integer.parseInt(text) : 0;
    }

    /** Java reports only whether all streams are a terminal; the system reports it for each. */
    private static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        if (!Files.isSymbolicLink(link)) {
            Console console = System.console();
            return console != null && console.isTerminal();
        }
        try {
            String target = Files.readSymbolicLink(link).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }
}
