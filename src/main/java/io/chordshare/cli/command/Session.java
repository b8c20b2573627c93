package io.chordshare.cli.command;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import io.chordshare.cli.http.Json;
import io.chordshare.cli.http.NodeAddress;
import io.chordshare.cli.http.NodeClient;
import io.chordshare.cli.terminal.LineReader;
import io.chordshare.cli.terminal.Terminal;
import io.chordshare.cli.transfer.Progress;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One run of the client: the node that is asked, and the output to the user.
 *
 * @param json whether to print each result as one JSON object per line, for scripts
 */
public record Session(NodeClient client, Terminal terminal, boolean json) {

    /** Names per page. So a folder of any size is listed in constant memory. */
    private static final int PAGE = 500;

    /** Prints a result, for people or for scripts. */
    void print(String text, Json object) {
        terminal.out().println(json ? object.toString() : text);
    }

    /** As {@link #print(String, Json)}, for a text that takes work. */
    void print(Supplier<String> text, Json object) {
        print(json ? "" : text.get(), object);
    }

    /** Prints something that is not a result. */
    void note(String text) {
        terminal.err().println(text);
    }

    public void problem(ClientException e) {
        if (json) {
            note(Json.object("error", Json.object("code", e.code().number(), "message", e.text())).toString());
        } else {
            note("chordshare: " + e.text());
        }
    }

    Progress progress() {
        return new Progress(terminal);
    }

    /** Asks the user for a confirmation. */
    boolean agrees(String question) throws ClientException {
        terminal.err().print(question + " [y/N] ");
        terminal.err().flush();
        String answer = new LineReader(terminal.bytesIn()).next();
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    }

    /** Reads one page of a list. */
    interface PageReader {

        void read(Json page) throws ClientException;
    }

    /** Reads all pages of a list of files in order. */
    void eachPage(String prefix, boolean byFolder, PageReader reader) throws ClientException {
        String after = null;
        do {
            Json page = client.get("/files?limit=" + PAGE + "&prefix=" + NodeAddress.query(prefix)
                    + (byFolder ? "&delimiter=/" : "") + (after == null ? "" : "&after=" + NodeAddress.query(after)));
            if (!page.get("files").isList()) {
                throw new ClientException(ExitCode.FAILED, "Is " + client.node().base()
                        + " a Chordshare node? It lists no files");
            }
            reader.read(page);
            after = next(page, after);
        } while (after != null && !terminal.out().checkError());
    }

    private @Nullable String next(Json page, @Nullable String after) throws ClientException {
        String next = page.get("next").isNull() ? null : page.get("next").text();
        if (next != null && next.equals(after)) {
            throw new ClientException(ExitCode.FAILED, client.node().base()
                    + " lists in circles. Ask another node with --node");
        }
        return next;
    }
}
