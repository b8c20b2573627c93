package io.chordshare.chaos;

import io.chordshare.chaos.RingClient.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** A long upload that reports its progress. */
final class LongUpload {

    static final long SIZE = 200L * 1024 * 1024;

    private static final int PIECE = 64 * 1024;

    final String name;
    final String sha256;

    private final long seed;
    private final AtomicLong sent = new AtomicLong();
    private CompletableFuture<Answer> answer = new CompletableFuture<>();

    LongUpload(String name, long seed) {
        this.name = name;
        this.seed = seed;
        this.sha256 = hash(seed);
    }

    void begin(ProcessNode node) {
        answer = CompletableFuture.supplyAsync(() -> node.client.put(name, "all", () -> new Content(seed, sent)),
                task -> Thread.ofPlatform().daemon().start(task));
    }

    boolean hasSent(double share) {
        return sent.get() >= share * SIZE;
    }

    Answer answer() {
        return answer.join();
    }

    private static String hash(long seed) {
        MessageDigest digest = RingClient.sha256();
        byte[] piece = new byte[PIECE];
        try (InputStream content = new Content(seed, new AtomicLong())) {
            for (int read = content.read(piece); read >= 0; read = content.read(piece)) {
                digest.update(piece, 0, read);
            }
        } catch (IOException e) {
            throw new IllegalStateException("there is no disk or network behind it", e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The bytes of a seed, generated while they are read. */
    private static final class Content extends InputStream {

        private final Random random;
        private final AtomicLong given;
        private final byte[] piece = new byte[PIECE];

        private Content(long seed, AtomicLong given) {
            this.random = new Random(seed);
            this.given = given;
        }

        @Override
        public int read() {
            throw new UnsupportedOperationException("only whole pieces are read");
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            long left = SIZE - given.get();
            if (left == 0) {
                return -1;
            }
            // the same pieces, whatever size is requested
            int within = (int) (given.get() % PIECE);
            if (within == 0) {
                random.nextBytes(piece);
            }
            int count = Math.min(length, PIECE - within);
            System.arraycopy(piece, within, into, offset, count);
            given.addAndGet(count);
            return count;
        }
    }
}
