package io.chordshare.storage.model;

import io.chordshare.storage.db.SqlSession;
import io.chordshare.storage.records.RecordTable;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keys in (from, to], clockwise from {@code from}; from == to is the whole ring. */
public record RingRange(String from, String to) {

    /** Less than every key. */
    private static final String START = "";

    private boolean wraps() {
        return from.compareTo(to) >= 0;
    }

    /** The states after {@code after}, clockwise. */
    public List<RecordState> states(SqlSession session, @Nullable String after, int limit) throws SQLException {
        if (!wraps()) {
            if (after != null && after.compareTo(from) <= 0) {
                // Clockwise from `from`, this key comes after the whole interval
                return List.of();
            }
            return RecordTable.between(session, after == null ? from : after, to, limit);
        }
        boolean pastEnd = after != null && after.compareTo(from) <= 0;
        List<RecordState> found = new ArrayList<>();
        if (!pastEnd) {
            found.addAll(RecordTable.after(session, after == null ? from : after, limit));
        }
        if (found.size() < limit) {
            found.addAll(RecordTable.between(session, pastEnd ? after : START, to, limit - found.size()));
        }
        return found;
    }

    /** The number of keys and the sum of their fingerprints: equal at two nodes that hold the same versions. */
    public String digest(SqlSession session) throws SQLException {
        long[] sum = new long[2];
        SqlSession.Visitor add = row -> {
            sum[0]++;
            sum[1] += row.getLong(1);
        };
        if (wraps()) {
            session.each("SELECT fingerprint FROM record WHERE key > ?", add, from);
            session.each("SELECT fingerprint FROM record WHERE key <= ?", add, to);
        } else {
            session.each("SELECT fingerprint FROM record WHERE key > ? AND key <= ?", add, from, to);
        }
        return "%x-%016x".formatted(sum[0], sum[1]);
    }
}
