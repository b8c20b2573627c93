package io.chordshare.simulation.files;

import io.chordshare.files.EntityTags;
import io.chordshare.files.ExpectedDigests;
import io.chordshare.files.FileException;
import io.chordshare.files.FileName;
import io.chordshare.files.FileService;
import io.chordshare.files.Uploads;
import io.chordshare.simulation.history.Condition;
import io.chordshare.simulation.history.History;
import io.chordshare.simulation.history.Outcome;
import io.chordshare.simulation.history.Request;
import io.chordshare.simulation.history.RequestDraw;
import io.chordshare.storage.model.Copies;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/** Users that upload, download, delete and compare a few files, each at any node, and note what they were told. */
final class FileUsers {

    /** Then a user takes the node for dead, and goes on as another one. */
    private static final Duration GIVES_UP_AFTER = Duration.ofSeconds(40);

    private final FileWorld ring;
    private final FilePlan plan;
    private final Random random;
    private final History history = new History();
    private final RequestDraw draw;
    private int nextUser;
    private boolean over;
    private int certain;
    private int unanswered;
    private String lastProblem = "";

    FileUsers(FileWorld ring, FilePlan plan) {
        this.ring = ring;
        this.plan = plan;
        this.random = new Random(ring.world.fork("users").nextLong());
        this.draw = new RequestDraw(random, plan.users() * 2);
    }

    void start() {
        for (int i = 0; i < plan.users(); i++) {
            thinkAndAsk(nextUser++);
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

    String name(int number) {
        return "file-" + number;
    }

    private void thinkAndAsk(int user) {
        ring.world.after(Duration.ofNanos((long) (plan.think().toNanos() * 2 * random.nextDouble())), () -> {
            // a node that has left is a ring of its own: nobody looks for the files of the ring there
            List<FileNode> nodes = ring.up().stream().filter(ring::isInRing).toList();
            if (!over && nodes.isEmpty()) {
                thinkAndAsk(user);
            } else if (!over) {
                String name = name(random.nextInt(plan.names()));
                ask(user, nodes.get(random.nextInt(nodes.size())), name, draw.next(name));
            }
        });
    }

    /** Something new, as a user who goes away then. */
    void upload(int user, FileNode node, String name) {
        ask(user, node, name, draw.put());
    }

    void ask(int user, FileNode node, String name, Request request) {
        int number = history.invoked(user, name, request, ring.world.now().toNanos());
        boolean[] returned = new boolean[1];
        boolean atTheEnd = over;
        node.node.start("user", () -> {
            Outcome outcome = answer(node.files, FileName.of(name), request);
            if (outcome instanceof Outcome.Found(String value)) {
                draw.noteFound(name, value);
            }
            boolean late = returned[0];
            returned[0] = true;
            history.returned(number, outcome, ring.world.now().toNanos());
            certain += outcome == Outcome.Plain.UNKNOWN ? 0 : 1;
            unanswered += outcome == Outcome.Plain.UNKNOWN && atTheEnd ? 1 : 0;
            if (!late && user < nextUser) {
                thinkAndAsk(user);
            }
        });
        ring.world.after(GIVES_UP_AFTER, () -> {
            if (!returned[0] && user < nextUser) {
                returned[0] = true;
                thinkAndAsk(nextUser++);
            }
        });
    }

    private Outcome answer(FileService files, FileName name, Request request) {
        try {
            return switch (request) {
                case Request.Get() -> {
                    FileService.Readable found = files.find(name, false);
                    try (InputStream body = files.open(found, 0)) {
                        yield new Outcome.Found(Texts.value(body.readAllBytes()));
                    }
                }
                case Request.Put(String value, Condition condition) -> {
                    byte[] bytes = Texts.bytes(value);
                    files.upload(name, new ByteArrayInputStream(bytes), new Uploads.Request(copies(value),
                            "text/plain", bytes.length, ExpectedDigests.NONE, precondition(condition)));
                    yield Outcome.Plain.DONE;
                }
                case Request.Delete(Condition condition) -> {
                    files.delete(name, precondition(condition));
                    yield Outcome.Plain.DONE;
                }
            };
        } catch (FileException e) {
            lastProblem = String.valueOf(e.getMessage());
            return switch (e.reason()) {
                case NOT_FOUND -> Outcome.Plain.NOT_FOUND;
                case PRECONDITION_FAILED -> Outcome.Plain.CONDITION_FAILED;
                default -> Outcome.Plain.UNKNOWN;
            };
        } catch (IOException e) {
            lastProblem = e.toString();
            return Outcome.Plain.UNKNOWN;
        }
    }

    /** Two at least: one may be lost with its disk. */
    static Copies copies(String value) {
        int number = value.hashCode() & 3;
        return number == 3 ? Copies.ALL : new Copies(2 + number);
    }

    private static io.chordshare.files.Condition precondition(Condition condition) {
        return switch (condition) {
            case Condition.Plain.ALWAYS -> io.chordshare.files.Condition.NONE;
            case Condition.Plain.IF_ABSENT -> of(Optional.empty(), Optional.of(EntityTags.parse("*")));
            case Condition.Plain.IF_PRESENT -> of(Optional.of(EntityTags.parse("*")), Optional.empty());
            case Condition.IfValue(String value) ->
                    of(Optional.of(EntityTags.parse(Texts.etag(value))), Optional.empty());
        };
    }

    private static io.chordshare.files.Condition of(Optional<EntityTags> ifMatch, Optional<EntityTags> ifNoneMatch) {
        return new io.chordshare.files.Condition(ifMatch, Optional.empty(), ifNoneMatch, Optional.empty());
    }
}
