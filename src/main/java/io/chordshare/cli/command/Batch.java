package io.chordshare.cli.command;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import io.chordshare.cli.terminal.Printable;

/** Several things, some of which may fail: all are tried, each failure is told, and the first is how it all ends. */
public final class Batch {

    private final Session session;
    private ExitCode code = ExitCode.DONE;

    Batch(Session session) {
        this.session = session;
    }

    /** One of the things. */
    interface Item {

        void run() throws ClientException;
    }

    /** @param what it is called in front of what went wrong; empty for nothing */
    void run(String what, Item item) {
        try {
            item.run();
        } catch (ClientException e) {
            failed(what.isEmpty() ? e : new ClientException(e.code(), Printable.of(what) + ": " + e.text(), e));
        }
    }

    void failed(ClientException e) {
        add(e.code());
        session.problem(e);
    }

    /** One of the things has ended so, and told what there was to tell. */
    void add(ExitCode other) {
        if (code == ExitCode.DONE) {
            code = other;
        }
    }

    ExitCode code() {
        return code;
    }
}
