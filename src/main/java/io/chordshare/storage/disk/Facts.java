package io.chordshare.storage.disk;

import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.error.StoreNotOpenedException;
import io.chordshare.storage.records.RecordJson;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;

/** Small durable facts about the node itself, in one file that is replaced atomically. */
public final class Facts {

    /** Limit for all facts together: they are held in memory, and each change writes all of them. */
    public static final int MAX_BYTES = 1024 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(Facts.class);

    private final Layout layout;
    private final Disk disk;
    private final Map<String, String> facts;
    /** Bounded by the number of facts that this program has. */
    private final Map<String, String> unwritten = new TreeMap<>();

    private Facts(Layout layout, Disk disk, Map<String, String> facts) {
        this.layout = layout;
        this.disk = disk;
        this.facts = facts;
    }

    public static Facts load(Layout layout, Disk disk) throws IOException {
        if (!Files.exists(layout.facts())) {
            return new Facts(layout, disk, new TreeMap<>());
        }
        try {
            Map<String, String> read = RecordJson.MAPPER.readValue(Files.readAllBytes(layout.facts()),
                    new TypeReference<TreeMap<String, String>>() {});
            return new Facts(layout, disk, read);
        } catch (JacksonException e) {
            throw new StoreNotOpenedException("The file " + layout.facts() + " is damaged.",
                    "Restore it from a backup, or delete it. Without it the node joins the ring as a new node and keeps"
                    + " its files.", e);
        }
    }

    public synchronized Optional<String> get(String name) {
        return Optional.ofNullable(unwritten.getOrDefault(name, facts.get(name)));
    }

    /** Sets the fact. Written now or, when the disk accepts no write, by {@link #catchUp}. */
    public synchronized void put(String name, String value) {
        unwritten.put(name, value);
        try {
            catchUp();
        } catch (StorageException e) {
            LOG.debug("The fact \"{}\" is written when the disk accepts writes again", name, e);
        } catch (IllegalArgumentException e) {
            unwritten.remove(name);
            throw e;
        }
    }

    /** Writes the facts that could not be written before. */
    public synchronized void catchUp() {
        write(unwritten);
        unwritten.clear();
    }

    private void write(Map<String, String> changes) {
        Map<String, String> next = new TreeMap<>(facts);
        next.putAll(changes);
        if (next.equals(facts)) {
            return;
        }
        byte[] json = RecordJson.MAPPER.writeValueAsBytes(next);
        if (json.length > MAX_BYTES) {
            throw new IllegalArgumentException("the facts about a node may have " + MAX_BYTES + " bytes, not "
                    + json.length);
        }
        disk.runWithBallast(() -> {
            DurableFiles.replace(layout.facts(), json, layout.temporary().resolve("facts"));
            return true;
        });
        facts.putAll(changes);
    }
}
