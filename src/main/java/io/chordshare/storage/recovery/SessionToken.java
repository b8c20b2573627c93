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

/**
 * The token that shows that the database belongs to the blocks beside it. Each session of a node writes a random token
 * into the database and into a file. A new or restored database does not have the token of the file. Its reasons for
 * deleting blocks are then ignored.
 */
public final class SessionToken {

    /**
     * Names of the current and the previous token in the database. Both are kept, because a crash may happen between
     * the two writes.
     */
    private static final String NOW = "session";
    private static final String BEFORE = "session-before";

    private final Layout layout;
    private final Database database;

    public SessionToken(Layout layout, Database database) {
        this.layout = layout;
        this.database = database;
    }

    /** Whether the database has the token of the file. False at the first start of a node. */
    public boolean matches() throws IOException {
        Optional<String> token = read(layout);
        return token.isPresent() && database.read(session -> session.exists(
                "SELECT 1 FROM meta WHERE name IN (?, ?) AND value = ?", NOW, BEFORE, token.get()));
    }

    /** Whether a node has run here before with another database: this one was restored or is new. */
    public boolean isOfAnotherDatabase() throws IOException {
        return Files.exists(layout.session()) && !matches();
    }

    /** Writes a new token. Older copies of the database no longer match it. */
    public void renew() throws IOException {
        String before = read(layout).orElse("");
        String now = database.newId();
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
        // Any other content of the file simply does not match
        return Files.exists(layout.session())
                ? Optional.of(Files.readString(layout.session(), StandardCharsets.ISO_8859_1).strip())
                : Optional.empty();
    }
}
