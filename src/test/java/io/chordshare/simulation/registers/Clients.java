package io.chordshare.simulation.registers;

import io.chordshare.register.GaveUpException;
import io.chordshare.register.UnavailableException;
import io.chordshare.simulation.history.Condition;
import io.chordshare.simulation.history.History;
import io.chordshare.simulation.history.Outcome;
import io.chordshare.simulation.history.Request;
import io.chordshare.simulation.history.RequestDraw;
import io.chordshare.storage.model.Copies;
import io.chordshare.storage.model.Sha256;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Clients that read, write, delete and compare a few names, each at any node, and note what they were told. */
final class Clients {

    /** Then a client takes its node for dead, and goes on as another one. */
    private static final Duration GIVES_UP_AFTER = Duration.ofSeconds(20);
    /** So much earlier where views change all the time. */
    private static final int HASTE = 20;

    private final RegisterRing ring;
    private final RegisterPlan plan;
    private final Random random;
    private final History history = new History();
    private final RequestDraw draw;
    private int nextClient;
    private boolean over;
    private int certain;
    private int unanswered;
    private String lastProblem = "";

    Clients(RegisterRing ring, RegisterPlan plan) {
        this.ring = ring;
        this.plan = plan;
        this.random = new Random(ring.world.fork("clients").nextLong());
        this.draw = new RequestDraw(random, plan.clients() * 2);
    }

    /** A condition of a request does not hold. */
    private static final class Refused extends GaveUpException {

        private static final long serialVersionUID = 1L;
        private final transient Outcome outcome;

        Refused(Outcome outcome) {
            super("refused");
            this.outcome = outcome;
        }
    }

    void start() {
        for (int i = 0; i < plan.clients(); i++) {
            thinkAndAsk(nextClient++);
        }
    }

    /** No new request from now on. */
    void stop() {
        over = true;
    }

    History history() {
        return history;
    }

    /** Requests that were answered with certainty. */
    int certain() {
        return certain;
    }

    /** Requests since the end that were answered without certainty. */
    int unanswered() {
        return unanswered;
    }

    /** What the last request that failed was told. */
    String lastProblem() {
        return lastProblem;
    }

    private void thinkAndAsk(int client) {
        ring.world.after(Duration.ofNanos((long) (plan.think().toNanos() * 2 * random.nextDouble())), () -> {
            List<RegisterNode> nodes = ring.up();
            if (!over && nodes.isEmpty()) {
                thinkAndAsk(client);
            } else if (!over) {
                String name = "file-" + random.nextInt(plan.names());
                ask(client, nodes.get(random.nextInt(nodes.size())), name, draw.next(name));
            }
        });
    }

    void ask(int client, RegisterNode node, String name, Request request) {
        int number = history.invoked(client, name, request, ring.world.now().toNanos());
        boolean[] returned = new boolean[1];
        boolean atTheEnd = over;
        node.node.start("client", () -> {
            Outcome outcome = answer(node.files, name, request);
            if (outcome instanceof Outcome.Found(String value)) {
                draw.noteFound(name, value);
            }
            boolean late = returned[0];
            returned[0] = true;
            history.returned(number, outcome, ring.world.now().toNanos());
            certain += outcome == Outcome.Plain.UNKNOWN ? 0 : 1;
            unanswered += outcome == Outcome.Plain.UNKNOWN && atTheEnd ? 1 : 0;
            if (!late) {
                thinkAndAsk(client);
            }
        });
        ring.world.after(plan.kind().churns() ? GIVES_UP_AFTER.dividedBy(HASTE) : GIVES_UP_AFTER, () -> {
            if (!returned[0]) {
                returned[0] = true;
                thinkAndAsk(nextClient++);
            }
        });
    }

    private Outcome answer(FileClient files, String name, Request request) {
        try {
            return switch (request) {
                case Request.Get() -> files.get(name).<Outcome>map(Outcome.Found::new).orElse(Outcome.Plain.NOT_FOUND);
                case Request.Put(String value, Condition condition) when condition == Condition.Plain.ALWAYS -> {
                    files.put(name, value, copies(value), isInBlock(value));
                    yield Outcome.Plain.DONE;
                }
                case Request.Put(String value, Condition condition) -> {
                    files.putIf(name, value, copies(value), isInBlock(value), present -> check(condition, present));
                    yield Outcome.Plain.DONE;
                }
                case Request.Delete(Condition condition) -> {
                    files.delete(name, present -> {
                        if (present.isEmpty()) {
                            throw new Refused(Outcome.Plain.NOT_FOUND);
                        }
                        check(condition, present);
                    });
                    yield Outcome.Plain.DONE;
                }
            };
        } catch (Refused e) {
            return e.outcome;
        } catch (FileClient.NotUploadedException e) {
            return Outcome.Plain.FAILED;
        } catch (UnavailableException e) {
            lastProblem = e.reason() + ": " + e.getMessage();
            return Outcome.Plain.UNKNOWN;
        }
    }

    /** Two at least: one may be lost with its disk. */
    private static Copies copies(String value) {
        int number = value.hashCode() & 3;
        return number == 3 ? Copies.ALL : new Copies(2 + number);
    }

    private boolean isInBlock(String value) {
        return plan.kind().hasBlocks() && (value.hashCode() & 4) == 0;
    }

    private static void check(Condition condition, Optional<String> present) {
        boolean holds = switch (condition) {
            case Condition.Plain.ALWAYS -> true;
            case Condition.Plain.IF_ABSENT -> present.isEmpty();
            case Condition.Plain.IF_PRESENT -> present.isPresent();
            case Condition.IfValue(String tag) ->
                    present.equals(Optional.of(Sha256.of(Values.bytes(tag)).toString()));
        };
        if (!holds) {
            throw new Refused(Outcome.Plain.CONDITION_FAILED);
        }
    }
}
