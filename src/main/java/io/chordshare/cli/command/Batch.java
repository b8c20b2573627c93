package io.chordshare.cli.command;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import io.chordshare.cli.terminal.Printable;

/** Runs several actions. All are tried, each failure is reported, and the first failure decides the exit code. */
public final class Batch {

    private final Session session;
    private ExitCode code = ExitCode.DONE;

    Batch(Session session) {
        this.session = session;
    }

    /** One of the actions. */
    interface Item {

        void run() throws ClientException;
    }

    /** @param what the name that precedes an error message; empty for none */
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

    /** Adds the result of an action that has already reported its failure. */
    void add(ExitCode other) {
        if (code == ExitCode.DONE) {
            code = other;
        }
    }

    ExitCode code() {
        return code;
    }
}
