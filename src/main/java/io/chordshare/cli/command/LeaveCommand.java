package io.chordshare.cli.command;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import io.chordshare.cli.http.Json;
import io.chordshare.cli.http.NodeClient;
import io.chordshare.cli.http.Waiting;
import io.chordshare.cli.terminal.Printable;
import io.chordshare.cli.transfer.Amount;
import io.chordshare.cli.transfer.Progress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code leave}: the node that is asked hands over the data that only it holds, and leaves. */
final class LeaveCommand implements Command {

    private static final long LOOK_EVERY_MILLIS = 500;
    private static final Duration LOOKS_WITHIN = Duration.ofSeconds(5);

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Arguments.command("leave", "Leave the ring, after handing over what only this node holds.",
                "",
                "The node that leaves is the one that --node names. It goes on running, as a ring of one. When the"
                        + " time is over"
                        + " (exit code 6) it goes on leaving by itself, until --cancel.");
        spec.addOption(Waiting.option("60s"));
        spec.addOption(Arguments.flag("--force", "Leave at once: what only this node holds is lost to the others."));
        spec.addOption(Arguments.flag("--cancel", "Stay after all."));
        return spec;
    }

    @Override
    public ExitCode run(ParseResult parsed, Session session) throws ClientException {
        String node = session.client().node().base();
        if (Arguments.has(parsed, "--cancel")) {
            Json ring = session.client().call("DELETE", "/ring/leave", null, NodeClient.PATIENCE);
            session.print(() -> node + " stays (" + Printable.of(ring.get("status").text()) + ")", ring);
            return ExitCode.DONE;
        }
        Duration wait = Waiting.of(parsed, Duration.ofSeconds(60));
        String target = "/ring/leave?wait=" + wait.toSeconds() + "s"
                + (Arguments.has(parsed, "--force") ? "&force=true" : "");
        CountDownLatch done = new CountDownLatch(1);
        Thread watch = session.terminal().sees().err() ? Thread.ofVirtual().start(() -> watch(session, done)) : null;
        try {
            Json ring = session.client().call("POST", target, null, Waiting.patience(wait));
            stop(watch, done);
            session.print(() -> node + " has left: it is a ring of its own (" + Printable.of(ring.get("status").text())
                    + ")", ring);
            return ExitCode.DONE;
        } finally {
            stop(watch, done);
        }
    }

    /** Shows what is left to hand over while the node leaves. */
    private static void watch(Session session, CountDownLatch done) {
        try (Progress progress = session.progress()) {
            while (!done.await(LOOK_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
                Json handover = session.client().call("GET", "/ring", null, LOOKS_WITHIN).get("handover");
                if (!handover.isNull()) {
                    String blocked = handover.get("blockedBy").text();
                    progress.show("leaving: " + Amount.count(handover.get("filesLeft").number(), "file") + ", "
                            + Amount.bytes(handover.get("bytesLeft").number()) + " left"
                            + (blocked.isEmpty() ? "" : " (" + Printable.of(blocked) + ")"));
                }
            }
        } catch (ClientException e) {
            // only the display ends; the answer to the leave itself reports the error
            session.terminal().err().flush();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void stop(@Nullable Thread watch, CountDownLatch done) {
        done.countDown();
        try {
            if (watch != null) {
                watch.join(LOOKS_WITHIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
