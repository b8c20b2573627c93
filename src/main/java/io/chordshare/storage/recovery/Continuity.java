package io.chordshare.storage.recovery;

import io.chordshare.storage.db.Database;
import io.chordshare.storage.db.SqlSession;
import io.chordshare.storage.disk.DurableFiles;
import io.chordshare.storage.disk.Layout;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.sql.SQLException;
import java.util.Optional;
import java.util.UUID;

/**
 * Whether the database is the one that the blocks beside it were kept with. Each session of a node draws a random word,
 * and writes it into the database and into a file: a database that is new, or a copy that somebody put back, does not
 * have the word of the file, and what it says of blocks that are not needed any more is not believed.
 */
public final class Continuity {

    /**
     * The word of this session, and the one of the file that was there before: a crash comes between the two writes.
     */
    private static final String NOW = "session";
    private static final String BEFORE = "session-before";

    private final Layout layout;
    private final Database database;

    public Continuity(Layout layout, Database database) {
        this.layout = layout;
        this.database = database;
    }

    /** False, too, for the first start of a node. */
    public boolean holds() throws IOException {
        Optional<String> word = read(layout);
        return word.isPresent() && database.read(session -> session.exists(
                "SELECT 1 FROM meta WHERE name IN (?, ?) AND value = ?", NOW, BEFORE, word.get()));
    }

    /** From now on older copies of the database are told from this one. */
    public void renew() throws IOException {
        String before = read(layout).orElse("");
        String now = UUID.randomUUID().toString();
        database.write(session -> {
            put(session, BEFORE, before);
            put(session, NOW, now);
            return true;
        });
        DurableFiles.replace(layout.session(), (now + "\n").getBytes(StandardCharsets.US_ASCII),
                layout.temporary().resolve("session"));
    }

    private static void put(SqlSession session, String name, String value) throws SQLException {
        session.update("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", name, value);
    }

    private static Optional<String> read(Layout layout) throws IOException {
        // whatever somebody wrote into it is no word of ours
        return Files.exists(layout.session())
                ? Optional.of(Files.readString(layout.session(), StandardCharsets.ISO_8859_1).strip())
                : Optional.empty();
    }
}
