package io.chordshare.transport.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.chordshare.runtime.Outcome;
import io.chordshare.runtime.PeerException;
import io.chordshare.runtime.PeerException.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LaneTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MOST_BYTES = 1000;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<List<Integer>> batches = new CopyOnWriteArrayList<>();
    /** A batch is answered for each permit. */
    private final Semaphore answers = new Semaphore(0);
    private final Lane<Integer, Integer> lane = new Lane<>(this::answerTwice, MOST_BYTES, "the peer");

    /** Odd numbers are refused, and a batch with a negative one breaks the connection. */
    private List<Outcome<Integer>> answerTwice(List<Integer> messages) throws PeerException {
        batches.add(List.copyOf(messages));
        answers.acquireUninterruptibly();
        if (messages.stream().anyMatch(message -> message < 0)) {
            throw new PeerException(Reason.NO_ANSWER, "the connection broke");
        }
        List<Outcome<Integer>> outcomes = new ArrayList<>();
        messages.forEach(message -> outcomes.add(message % 2 == 0 ? new Outcome.Answered<>(2 * message)
                : new Outcome.Failed<>(new PeerException(Reason.DISK_FULL, "no room for " + message))));
        return outcomes;
    }

    @AfterEach
    void nothing_is_left_in_the_lane() {
        answers.release(1_000_000);
        threads.close();
        assertThat(lane.isIdle()).isTrue();
    }

    private Future<Integer> send(int message, int bytes) {
        return threads.submit(() -> lane.call(message, bytes, PATIENCE));
    }

    private void awaitBatches(int count) {
        await().until(() -> batches.size() >= count);
    }

    private void awaitWaiting(int count) {
        await().until(() -> lane.waiting() == count);
    }

    /** Two batches of one message each that are not answered yet. */
    private List<Future<Integer>> fill() {
        List<Future<Integer>> first = List.of(send(100, 1), send(102, 1));
        awaitBatches(Lane.MAX_UNDER_WAY);
        return first;
    }

    @Test
    void a_message_to_an_idle_peer_is_sent_at_once() throws Exception {
        answers.release();
        assertThat(send(4, 1).get(10, TimeUnit.SECONDS)).isEqualTo(8);
        assertThat(batches).containsExactly(List.of(4));
    }

    @Test
    void what_waits_while_two_batches_are_under_way_travels_together() throws Exception {
        fill();
        List<Future<Integer>> waiting = new ArrayList<>();
        for (int message = 2; message <= 20; message += 2) {
            waiting.add(send(message, 1));
            awaitWaiting(message / 2);
        }
        assertThat(batches).hasSize(Lane.MAX_UNDER_WAY);
        answers.release();
        awaitBatches(Lane.MAX_UNDER_WAY + 1);
        assertThat(batches.getLast()).containsExactly(2, 4, 6, 8, 10, 12, 14, 16, 18, 20);
        answers.release(2);
        for (int i = 0; i < waiting.size(); i++) {
            assertThat(waiting.get(i).get(10, TimeUnit.SECONDS)).isEqualTo(4 * (i + 1));
        }
    }

    @Test
    void each_message_has_an_outcome_of_its_own() throws Exception {
        fill();
        Future<Integer> good = send(2, 1);
        awaitWaiting(1);
        Future<Integer> refused = send(3, 1);
        awaitWaiting(2);
        answers.release(3);
        assertThat(good.get(10, TimeUnit.SECONDS)).isEqualTo(4);
        assertThatThrownBy(() -> refused.get(10, TimeUnit.SECONDS)).cause().hasMessage("no room for 3")
                .isInstanceOfSatisfying(PeerException.class, e ->
                        assertThat(e.reason()).isEqualTo(Reason.DISK_FULL));
    }

    @Test
    void a_batch_that_fails_fails_its_messages_alone() throws Exception {
        fill();
        Future<Integer> broken = send(-1, 1);
        awaitWaiting(1);
        Future<Integer> beside = send(2, 1);
        awaitWaiting(2);
        answers.release(3);
        for (Future<Integer> one : List.of(broken, beside)) {
            assertThatThrownBy(() -> one.get(10, TimeUnit.SECONDS)).cause().hasMessage("the connection broke");
        }
        answers.release();
        assertThat(send(6, 1).get(10, TimeUnit.SECONDS)).isEqualTo(12);
    }

    @Test
    void messages_that_travel_together_have_a_limit_of_bytes() {
        fill();
        for (int i = 1; i <= 3; i++) {
            send(2 * i, 400);
            awaitWaiting(i);
        }
        send(8, 10 * MOST_BYTES);
        awaitWaiting(4);
        answers.release(5);
        awaitBatches(Lane.MAX_UNDER_WAY + 3);
        assertThat(batches.subList(Lane.MAX_UNDER_WAY, batches.size()))
                .containsExactlyInAnyOrder(List.of(2, 4), List.of(6), List.of(8));
    }

    @Test
    void a_message_that_waits_too_long_gives_up_and_is_not_sent() throws Exception {
        List<Future<Integer>> first = fill();
        assertThatThrownBy(() -> lane.call(2, 1, Duration.ofMillis(20))).isInstanceOfSatisfying(PeerException.class,
                e -> assertThat(e.reason()).isEqualTo(Reason.NO_ANSWER));
        answers.release(2);
        assertThat(first.getFirst().get(10, TimeUnit.SECONDS)).isEqualTo(200);
        assertThat(batches).hasSize(Lane.MAX_UNDER_WAY);
    }

    @Test
    void more_than_the_limit_is_refused_with_the_reason() {
        fill();
        for (int i = 0; i < Lane.MAX_WAITING; i++) {
            send(2, 1);
        }
        awaitWaiting(Lane.MAX_WAITING);
        assertThatThrownBy(() -> lane.call(2, 1, PATIENCE)).hasMessageContaining("wait for the peer already")
                .isInstanceOfSatisfying(PeerException.class, e ->
                        assertThat(e.reason()).isEqualTo(Reason.OVERLOADED));
    }

    @Test
    void thousands_of_messages_from_many_threads_each_get_their_answer() throws Exception {
        answers.release(1_000_000);
        List<Future<Integer>> all = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            // some give up at once, and must not take the turn to send with them
            Duration patience = i % 7 == 0 ? Duration.ofNanos(1) : PATIENCE;
            int message = 2 * i;
            all.add(threads.submit(() -> {
                try {
                    return lane.call(message, 1, patience);
                } catch (PeerException e) {
                    return e.reason() == Reason.NO_ANSWER || e.reason() == Reason.OVERLOADED ? 2 * message : -1;
                }
            }));
        }
        for (int i = 0; i < all.size(); i++) {
            assertThat(all.get(i).get(10, TimeUnit.SECONDS)).isEqualTo(4 * i);
        }
    }
}
