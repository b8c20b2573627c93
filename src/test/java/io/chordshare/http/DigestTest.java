package io.chordshare.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every digest of a known algorithm that comes with a file is checked (RFC 9530). */
@ExtendWith(SharedRing.class)
class DigestTest {

    private static final int MIB = 1024 * 1024;
    private static final byte[] BYTES = Api.randomBytes(100_000);
    private static final byte[] OTHERS = Api.bytes("something else");

    private final LocalNodes ring;
    private final Api api;

    DigestTest(LocalNodes ring) {
        this.ring = ring;
        this.api = ring.api(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Digest", "Repr-Digest"})
    void digests_that_match_are_accepted_in_one_line_or_several(String field) {
        String name = "/files/digest/right-" + field;
        api.put(name, BYTES, field + ": " + sha256(BYTES)).assertStatus(201);
        api.put(name, BYTES, field + ": " + sha512(BYTES)).assertStatus(200);
        api.put(name, BYTES, field + ": " + sha512(BYTES) + " ,\t" + sha256(BYTES) + ";a=1;b").assertStatus(200);
        api.put(name, BYTES, field + ": " + sha512(BYTES), field + ": " + sha256(BYTES)).assertStatus(200);
        api.put(name, BYTES, "Content-Digest: " + sha256(BYTES), "Repr-Digest: " + sha512(BYTES)).assertStatus(200);
        assertThat(ring.api(1).get(name).assertStatus(200).body()).isEqualTo(BYTES);
    }

    @Test
    void unknown_algorithms_are_ignored() {
        String name = "/files/digest/unknown";
        for (String unknown : new String[] {"md5=:AAAA:", "unixsum=30637", "crc32c=:AAAAAA==:, sha=:AA:",
                "a=(1 :AA: \"x\");b=1.5",
            "id-sha-1=\"sha, =:AA:\"", "x=?0, y;z=1, *a=tok/en:1", "md5=%%% no dictionary", "nonsense nonsense", ","}) {
            assertThat(api.put(name, BYTES, "Content-Digest: " + unknown).status()).as(unknown).isIn(200, 201);
        }
        api.put(name, BYTES, "Content-Digest: md5=:AAAA:, " + sha256(BYTES) + ", unixsum=30637").assertStatus(200);
        api.put(name, OTHERS, "Content-Digest: md5=:AAAA:", "Content-Digest: " + sha256(BYTES))
                .assertProblem(400, "digest-mismatch");
        // Something like a digest inside another value is not a digest
        api.put(name, BYTES, "Content-Digest: note=\", sha-256=:AAAA:\"").assertStatus(200);
        assertThat(api.get(name).body()).isEqualTo(BYTES);
    }

    @Test
    void one_wrong_digest_at_any_position_refuses_the_upload() {
        api.put("/files/digest/wrong", "kept").assertStatus(201);
        for (String[] headers : new String[][] {
            {"Content-Digest: " + sha256(OTHERS)}, {"Content-Digest: " + sha512(OTHERS)},
            {"Repr-Digest: " + sha256(OTHERS)}, {"Repr-Digest: " + sha512(OTHERS)},
            {"Content-Digest: " + sha256(BYTES) + ", " + sha512(OTHERS)},
            {"Content-Digest: " + sha512(OTHERS) + ", " + sha256(BYTES)},
            {"Content-Digest: " + sha256(BYTES), "Content-Digest: " + sha512(OTHERS)},
            {"Content-Digest: " + sha512(OTHERS), "Content-Digest: " + sha256(BYTES)},
            {"Content-Digest: " + sha256(BYTES), "Repr-Digest: " + sha256(OTHERS)},
            {"Content-Digest: " + sha256(BYTES), "Content-Digest: " + sha256(OTHERS)},
            {"Content-Digest: " + sha256(OTHERS), "Content-Digest: " + sha256(BYTES)}}) {
            Reply reply = api.put("/files/digest/wrong", BYTES, headers);
            assertThat(reply.status()).as(String.join(" | ", headers)).isEqualTo(400);
            reply.assertProblem(400, "digest-mismatch");
        }
        ring.apis().forEach(node -> assertThat(node.get("/files/digest/wrong").text()).isEqualTo("kept"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 10, 5 * MIB})
    void a_digest_that_does_not_match_stores_nothing(int size) {
        String name = "/files/digest/new-" + size;
        for (String wrong : new String[] {sha256(OTHERS), sha512(OTHERS)}) {
            api.put(name, Api.randomBytes(size), "Content-Digest: " + wrong).assertProblem(400, "digest-mismatch");
            ring.apis().forEach(node -> node.get(name).assertProblem(404));
        }
        byte[] right = Api.randomBytes(size);
        api.put(name, right, "Content-Digest: " + sha256(right), "Content-Digest: " + sha512(right)).assertStatus(201);
        assertThat(ring.api(1).get(name).assertStatus(200).body()).isEqualTo(right);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha-256=:AAAA:", "sha-256=abc", "sha-256=:%%%:", "sha-256", "sha-256=::", "sha-512=:AAAA:",
        "sha-512", "sha-256=(:AAAA:)", "SHA-256=:AAAA:", "sha-256 =:AAAA:", "md5=:AAAA: sha-256=:AAAA:"})
    void a_digest_that_cannot_be_read_stores_nothing(String digest) {
        api.put("/files/digest/bad", "body", "Content-Digest: " + digest).assertProblem(400);
        api.put("/files/digest/bad", "body", "Repr-Digest: " + digest).assertProblem(400);
        api.put("/files/digest/bad", BYTES, "Content-Digest: " + sha256(BYTES), "Content-Digest: " + digest)
                .assertProblem(400);
        api.get("/files/digest/bad").assertProblem(404);
    }

    private static String sha256(byte[] bytes) {
        return member("sha-256", bytes);
    }

    private static String sha512(byte[] bytes) {
        return member("sha-512", bytes);
    }

    private static String member(String algorithm, byte[] bytes) {
        try {
            return algorithm + "=:" + Base64.getEncoder().encodeToString(
                    MessageDigest.getInstance(algorithm).digest(bytes)) + ":";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
