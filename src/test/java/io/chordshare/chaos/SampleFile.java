package io.chordshare.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A file that a test uploads. Its bytes are generated from its seed when needed, so that hundreds of files cost no
 * memory.
 *
 * @param copies {@code all} or a number
 */
record SampleFile(String name, int size, long seed, String copies, String sha256) {

    static final int LARGEST = 8 * 1024 * 1024;

    private static final int SMALLEST = 1024;
    /** Tests that share a ring use different files. */
    private static final AtomicInteger batches = new AtomicInteger();

    static SampleFile of(String name, int size, long seed, String copies) {
        return new SampleFile(name, size, seed, copies,
                HexFormat.of().formatHex(RingClient.sha256().digest(bytes(size, seed))));
    }

    /**
     * {@code count} files of 1 KiB to 8 MiB (as many between 1 and 2 KiB as between 4 and 8 MiB). Every second has
     * three copies.
     */
    static List<SampleFile> mixed(int count, Random random) {
        List<SampleFile> files = new ArrayList<>();
        String folder = "mixed-" + batches.incrementAndGet() + "/";
        for (int i = 0; i < count; i++) {
            int size = (int) (SMALLEST * Math.pow((double) LARGEST / SMALLEST, random.nextDouble()));
            files.add(of(folder + i + ".bin", size, random.nextLong(), i % 2 == 0 ? "all" : "3"));
        }
        return files;
    }

    int copiesIn(int nodes) {
        return copies.equals("all") ? nodes : Math.min(nodes, Integer.parseInt(copies));
    }

    InputStream open() {
        return new ByteArrayInputStream(bytes(size, seed));
    }

    /** Uploads the files, each to the next of these nodes. */
    static void upload(List<SampleFile> files, List<ProcessNode> nodes) {
        for (int i = 0; i < files.size(); i++) {
            SampleFile file = files.get(i);
            ProcessNode node = nodes.get(i % nodes.size());
            RingClient.Answer answer = node.client.put(file.name(), file.copies(), file::open);
            assertThat(answer.status()).as("upload of %s at %s: %s", file.name(), node, answer.detail()).isEqualTo(201);
        }
    }

    private static byte[] bytes(int size, long seed) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }
}
