package io.chordshare.cli;

import io.chordshare.cli.transfer.Checksum;
import io.chordshare.cli.transfer.Progress;
import java.net.HttpURLConnection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The version of a file that a download receives, from the head of the answer.
 *
 * @param etag   the ETag to send back; null when no strong ETag is there
 * @param size   of the whole file, or {@link Progress#UNKNOWN}
 * @param sha256 of the whole file, 64 hex digits; null when the node does not say
 */
public record Version(@Nullable String etag, long size, @Nullable String sha256) {

    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes ([0-9]{1,18})-[0-9]{1,18}/([0-9]{1,18})");
    private static final int PARTIAL_CONTENT = 206;

    public static Version of(HttpURLConnection answer, int status) {
        String etag = answer.getHeaderField("ETag");
        Matcher range = contentRange(answer);
        long size = status == PARTIAL_CONTENT ? range.matches() ? Long.parseLong(range.group(2)) : Progress.UNKNOWN
                : answer.getContentLengthLong();
        return new Version(etag == null || etag.startsWith("W/") ? null : etag, size,
                Checksum.ofHeader(answer.getHeaderField("Repr-Digest")));
    }

    /** The start of a partial answer; -1 when the answer does not say. */
    public static long start(HttpURLConnection answer) {
        Matcher range = contentRange(answer);
        return range.matches() ? Long.parseLong(range.group(1)) : -1;
    }

    private static Matcher contentRange(HttpURLConnection answer) {
        String range = answer.getHeaderField("Content-Range");
        return CONTENT_RANGE.matcher(range == null ? "" : range);
    }

    /** becomes part of a local file name, so accept only what our nodes send */
    @Nullable public String key() {
        if (etag == null || etag.length() < 2) {
            return null;
        }
        String inner = etag.substring(1, etag.length() - 1);
        return Checksum.isHex(inner) ? inner : null;
    }

    public boolean isSameAs(Version other) {
        return etag != null && etag.equals(other.etag);
    }
}
