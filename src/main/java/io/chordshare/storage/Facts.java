package io.chordshare.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.core.type.TypeReference;
import tools.jackson.core.JacksonException;

/** A few small durable facts about the node itself, in one file that is replaced as a whole. */
final class Facts {

    /** All facts together: they are held in memory and written as a whole each time. */
    static final int MAX_BYTES = 1024 * 1024;

    private final Layout layout;
    private final Map<String, String> facts;

    private Facts(Layout layout, Map<String, String> facts) {
        this.layout = layout;
        this.facts = facts;
    }

    static Facts load(Layout layout) throws IOException {
        if (!Files.exists(layout.facts())) {
            return new Facts(layout, new TreeMap<>());
        }
        try {
            Map<String, String> read = RecordJson.MAPPER.readValue(Files.readAllBytes(layout.facts()),
                    new TypeReference<TreeMap<String, String>>() {});
            return new Facts(layout, read);
        } catch (JacksonException e) {
            throw new StoreFailedException("the file " + layout.facts() + " is damaged: restore it from a backup, or "
                    + "delete it and let the node join the ring as a new one", e);
        }
    }

    synchronized Optional<String> get(String name) {
        return Optional.ofNullable(facts.get(name));
    }

    synchronized void put(String name, String value) throws IOException {
        if (value.equals(facts.get(name))) {
            return;
        }
        Map<String, String> next = new TreeMap<>(facts);
        next.put(name, value);
        byte[] json = RecordJson.MAPPER.writeValueAsBytes(next);
        if (json.length > MAX_BYTES) {
            throw new IllegalArgumentException("the facts about a node may take " + MAX_BYTES + " bytes, not "
                    + json.length);
        }
        DurableFiles.replace(layout.facts(), json, layout.temporary().resolve("facts"));
        facts.put(name, value);
    }
}
