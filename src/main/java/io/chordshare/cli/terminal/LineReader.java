package io.chordshare.cli.terminal;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads lines from a user or a pipe. It reads no byte beyond the line, because the rest may be for another reader. */
public final class LineReader {

    /** The longest name is 1,024 bytes. */
    private static final int MAX_BYTES = 16 * 1024;

    private final InputStream in;

    public LineReader(InputStream in) {
        this.in = in;
    }

    /** The next line without its end; null at the end of the input. */
    @Nullable public String next() throws ClientException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try {
            while (true) {
                int octet = in.read();
                if (octet == '\n' || octet < 0) {
                    if (octet < 0 && line.size() == 0) {
                        return null;
                    }
                    String text = line.toString(StandardCharsets.UTF_8);
                    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
                }
                if (line.size() == MAX_BYTES) {
                    throw new ClientException(ExitCode.USAGE, "That line is too long: at most " + MAX_BYTES + " bytes");
                }
                line.write(octet);
            }
        } catch (IOException e) {
            throw new ClientException(ExitCode.FAILED, "The input cannot be read: " + e.getMessage(), e);
        }
    }
}
