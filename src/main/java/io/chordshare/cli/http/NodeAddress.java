package io.chordshare.cli.http;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import io.chordshare.cli.terminal.Printable;
import io.chordshare.cli.terminal.Terminal;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The address of the node that is asked.
 *
 * @param base such as {@code http://localhost:8081}: without path and final slash
 */
public record NodeAddress(String base) {

    /** The default address of a node. */
    public static final String DEFAULT = "http://127.0.0.1:8081";
    /** The environment variable for the address, when the command line has none. */
    public static final String VARIABLE = "CHORDSHARE_NODE";

    private static final int DEFAULT_PORT = 8081;

    /** The address from the command line, otherwise from the environment, otherwise on this machine. */
    public static NodeAddress of(@Nullable String option, Terminal terminal) throws ClientException {
        if (option != null) {
            return parse(option, "--node");
        }
        String variable = terminal.variables().getOrDefault(VARIABLE, "");
        return variable.isBlank() ? new NodeAddress(DEFAULT) : parse(variable, VARIABLE);
    }

    /** @param origin where the text comes from: what the user has to correct */
    public static NodeAddress parse(String text, String origin) throws ClientException {
        String stripped = text.strip();
        String full = stripped.contains("://") ? stripped : "http://" + stripped;
        try {
            URI uri = new URI(full).parseServerAuthority();
            String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
            boolean isBase = uri.getRawPath().isEmpty() || uri.getRawPath().equals("/");
            if (uri.getHost() == null || uri.getRawUserInfo() != null || !isBase || uri.getRawQuery() != null
                    || uri.getRawFragment() != null || !(scheme.equals("http") || scheme.equals("https"))) {
                throw wrong(text, origin);
            }
            boolean portLess = uri.getPort() < 0 && scheme.equals("http");
            return new NodeAddress(scheme + "://" + uri.getHost()
                    + (uri.getPort() >= 0 ? ":" + uri.getPort() : portLess ? ":" + DEFAULT_PORT : ""));
        } catch (URISyntaxException e) {
            throw wrong(text, origin);
        }
    }

    private static ClientException wrong(String text, String origin) {
        return new ClientException(ExitCode.USAGE, origin + " must be the address of a node, such as " + DEFAULT
                + ", not "
                + Printable.quoted(text));
    }

    /** A name in the path of an address. All but the plainest characters are percent-encoded in UTF-8. */
    public static String path(String name) {
        return encoded(name, "/");
    }

    /** A value in a query. */
    public static String query(String value) {
        return encoded(value, "");
    }

    private static String encoded(String text, String alsoPlain) {
        StringBuilder encoded = new StringBuilder(text.length() * 2);
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (octet & 0xFF);
            boolean letterOrDigit = character >= 'a' && character <= 'z' || character >= 'A' && character <= 'Z'
                    || character >= '0' && character <= '9';
            if (letterOrDigit || ("-._~" + alsoPlain).indexOf(character) >= 0) {
                encoded.append(character);
            } else {
                encoded.append('%').append(String.format(Locale.ROOT, "%02X", (int) character));
            }
        }
        return encoded.toString();
    }
}
