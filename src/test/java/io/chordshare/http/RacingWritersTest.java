package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A condition is a compare-and-set of the whole ring. {@code -Dchordshare.race.rounds=1000} for more rounds than a
 * build has time for.
 */
class RacingWritersTest {

    private static final int NODES = 5;
    private static final int CLIENTS = 64;
    private static final int ROUNDS = Integer.getInteger("chordshare.race.rounds", 5);

    @TempDir
    private static Path directory;
    private static LocalNodes ring;

    /** What one client was told. */
    private record Told(int status, String sent, String detail) {}

    @BeforeAll
    static void start() {
        ring = LocalNodes.start(directory, NODES);
    }

    @AfterAll
    static void stop() {
        ring.close();
    }

    @Test
    void of_all_clients_that_create_a_file_at_once_at_all_nodes_exactly_one_has_created_it() throws Exception {
        Map<Integer, Integer> statuses = new TreeMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            String name = "/files/race/created-" + round;
            List<Told> told = race(name, "If-None-Match: *");
            told.forEach(one -> statuses.merge(one.status(), 1, Integer::sum));
            List<Told> winners = told.stream().filter(one -> one.status() == 201).toList();
            assertThat(winners).as("round %d: %s", round, told).hasSize(1);
            assertThat(told).as("round %d", round).allMatch(one -> one.status() == 201 || one.status() == 412);
            for (Api node : ring.apis()) {
                assertThat(node.get(name).assertStatus(200).text()).isEqualTo(winners.getFirst().sent());
            }
        }
        System.out.println("create races: " + statuses);
    }

    @Test
    void of_all_clients_that_replace_the_same_version_at_once_exactly_one_has_replaced_it() throws Exception {
        String name = "/files/race/replaced";
        ring.api(0).put(name, "first").assertStatus(201);
        for (int round = 0; round < ROUNDS; round++) {
            String etag = ring.api(round % NODES).get(name).assertStatus(200).header("ETag");
            List<Told> told = race(name, "If-Match: " + etag);
            List<Told> winners = told.stream().filter(one -> one.status() == 200).toList();
            assertThat(winners).as("round %d: %s", round, told).hasSize(1);
            assertThat(told).as("round %d", round).allMatch(one -> one.status() == 200 || one.status() == 412);
            assertThat(ring.api(round % NODES).get(name).assertStatus(200).text())
                    .isEqualTo(winners.getFirst().sent());
        }
    }

    private static List<Told> race(String name, String condition) throws Exception {
        List<Callable<Told>> clients = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            Api node = ring.api(i % NODES);
            String sent = condition + " " + i;
            clients.add(() -> {
                Reply reply = node.put(name, sent, condition);
                return new Told(reply.status(), sent, reply.status() < 300 ? "" : reply.text());
            });
        }
        List<Told> told = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Told> outcome : threads.invokeAll(clients)) {
                told.add(outcome.get());
            }
        }
        return told;
    }
}
