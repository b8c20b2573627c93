package io.chordshare.simulation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A plausible mistake in the protocol, as a change of its source. The oracles must find it. Each file in
 * {@code src/test/resources/mutants} describes one: a description, {@code key: value} lines, and one or more
 * {@code --- change} parts, each with the original text and, after {@code --- to}, its replacement.
 * A mutant with the setting {@code long} takes long to find: a plain build leaves it out.
 *
 * @param name     of the file
 * @param settings by key: which invariant catches the mutant, and how
 * @param changes  of sources, each found by its file name
 */
public record Mutant(String name, Map<String, String> settings, List<Change> changes) {

    static final Path DESCRIPTIONS = Path.of("src/test/resources/mutants");
    private static final Path SOURCES = Path.of("src/main/java");
    private static final Pattern CHANGE =
            Pattern.compile("^--- change (\\S+)\\n(.*?)^--- to\\n(.*?)(?=^--- |\\z)", Pattern.MULTILINE
            | Pattern.DOTALL);
    private static final Pattern SETTING = Pattern.compile("^([a-z ]+): (.*)$", Pattern.MULTILINE);

    public record Change(String file, String original, String replacement) {}

    static List<Mutant> all() {
        return in(DESCRIPTIONS);
    }

    /** Those of the registers, which another test looks for. */
    public static List<Mutant> ofRegisters() {
        return in(DESCRIPTIONS.resolve("registers"));
    }

    /** Those of replication and the file service. */
    public static List<Mutant> ofFiles() {
        return in(DESCRIPTIONS.resolve("files"));
    }

    private static List<Mutant> in(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".txt")).sorted().map(Mutant::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Mutant named(String name) {
        return read(DESCRIPTIONS.resolve(name + ".txt"));
    }

    private static Mutant read(Path file) {
        String text = text(file);
        List<Change> changes = new ArrayList<>();
        Matcher change = CHANGE.matcher(text);
        while (change.find()) {
            changes.add(new Change(change.group(1), change.group(2), change.group(3)));
        }
        Map<String, String> settings = new LinkedHashMap<>();
        Matcher setting = SETTING.matcher(text.substring(0, Math.max(0, text.indexOf("--- change"))));
        while (setting.find()) {
            settings.put(setting.group(1), setting.group(2).strip());
        }
        String name = file.getFileName().toString().replace(".txt", "");
        if (changes.isEmpty()) {
            throw new IllegalStateException("mutant " + name + " changes nothing: see the Javadoc of Mutant");
        }
        return new Mutant(name, settings, changes);
    }

    /** Those that every build looks for, and with {@code -Dchordshare.chaos=true} the others, which take longer. */
    public static Stream<Mutant> ofThisBuild(List<Mutant> mutants) {
        return mutants.stream().filter(mutant -> Boolean.getBoolean("chordshare.chaos") || !mutant.has("long"));
    }

    boolean has(String key) {
        return settings.containsKey(key);
    }

    /** @throws IllegalStateException when the description lacks the setting */
    public String setting(String key) {
        String value = settings.get(key);
        if (value == null) {
            throw new IllegalStateException("mutant " + name + " does not say \"" + key + ": ...\"");
        }
        return value;
    }

    /** The changed sources, by class name. */
    Map<String, String> sources() {
        Map<String, String> sources = new LinkedHashMap<>();
        for (Change change : changes) {
            Path file = find(change.file());
            String type = SOURCES.relativize(file).toString().replace(".java", "").replace('/', '.');
            String source = sources.computeIfAbsent(type, key -> text(file));
            sources.put(type, apply(change, source));
        }
        return sources;
    }

    private Path find(String name) {
        try (Stream<Path> files = Files.walk(SOURCES)) {
            return files.filter(file -> file.getFileName().toString().equals(name)).findFirst().orElseThrow(() ->
                    new IllegalStateException("mutant " + this.name + " needs " + name + ": was it renamed?"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Line breaks and indentation may differ, because they change more often than the code itself. */
    private String apply(Change change, String source) {
        Pattern original = Pattern.compile(Arrays.stream(change.original().strip().split("\\s+")).map(Pattern::quote)
                .collect(Collectors.joining("\\s+")));
        long found = original.matcher(source).results().count();
        if (found != 1) {
            throw new IllegalStateException("mutant " + name + ": its original text is found " + found + " times in "
                    + change.file() + ", and must be there once. The code has moved on: make "
                    + name + ".txt below " + DESCRIPTIONS + " follow it. It looks for:\n" + change.original());
        }
        return original.matcher(source).replaceFirst(Matcher.quoteReplacement(change.replacement().strip()));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("a mutant needs " + file, e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
