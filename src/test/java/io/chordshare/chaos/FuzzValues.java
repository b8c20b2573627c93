package io.chordshare.chaos;

import io.chordshare.chaos.RingClient.Ring;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple;
import tools.jackson.databind.node.ObjectNode;

/**
 * Values for requests: ids, addresses, keys and names of the current ring, in an order that does not depend on them,
 * and unexpected values.
 */
final class FuzzValues {

    /** Files that any request may write, read and delete. */
    static final List<String> NAMES = List.of("fuzz/a.txt", "fuzz/b.bin", "fuzz/c d.txt", "fuzz/é.txt",
            "fuzz/deep/er/d", "e");

    private static final List<String> NASTY = List.of("", " ", ".", "..", "../../etc/passwd", "a//b", "/", "a/", "-1",
            "null", "true", "NaN", "0x10", "*", "\u0000", "a\nX-Injected: 1", "a\r\nX-Injected: 1", "\u001b[31mred",
            "\u202ertl",
            "\ud83d\ude00", "\ud800", "\ufeff", "${jndi:ldap://127.0.0.1:1/x}", "' OR 1=1 --", "{{7*7}}", "%00", "%zz",
            "\\..\\x", "a;b=c", "<script>", "\uffff", "x".repeat(1025), "é".repeat(600), "y".repeat(20_000));

    /** JSON numbers that no Java long holds, or that no counter may have. */
    static final List<Number> HUGE = List.of(new BigInteger("9223372036854775807"),
            new BigInteger("-9223372036854775808"),
            new BigInteger("9223372036854775808"), new BigDecimal("1E+400"), new BigDecimal("1E-400"),
            BigInteger.TEN.pow(1500), new BigDecimal("0.5"), -1, 0, 1, Integer.MAX_VALUE, 1L << 31, (1L << 53) - 1,
            1L << 53, 2_000_000L);

    private final List<Ring> rings;
    private final List<String> addresses;
    private final String keptName;
    private final String keptHash;
    private final String hostile;

    /**
     * @param rings   the ring as each node reports it
     * @param kept    a file that no request may change
     * @param hostile the address of a server that does not answer like a node
     */
    FuzzValues(List<Ring> rings, SampleFile kept, String hostile) {
        this.rings = rings;
        this.addresses = rings.stream().map(ring -> ring.self().address()).toList();
        this.keptName = kept.name();
        this.keptHash = kept.sha256();
        this.hostile = hostile;
    }

    int nodes() {
        return rings.size();
    }

    Arbitrary<String> nasty() {
        return Arbitraries.frequencyOf(Tuple.of(4, Arbitraries.of(NASTY)),
                Tuple.of(1, Arbitraries.strings().ofMaxLength(40)));
    }

    /** A file's name, but never one of the files that must stay unchanged. */
    Arbitrary<String> name() {
        return Arbitraries.of(NAMES);
    }

    /** A name that is only read. */
    Arbitrary<String> anyName() {
        return Arbitraries.frequencyOf(Tuple.of(4, name()), Tuple.of(1, Arbitraries.just(keptName)));
    }

    Arbitrary<String> id() {
        List<String> ids = new ArrayList<>(rings.stream().map(ring -> ring.self().id()).toList());
        ids.addAll(List.of("0".repeat(40), "f".repeat(40)));
        return Arbitraries.frequencyOf(Tuple.of(3, Arbitraries.of(ids)), Tuple.of(1, hex(40)));
    }

    /** The id of the node that may be sent away, because the others must stay. */
    Arbitrary<String> idOfLeaver() {
        return Arbitraries.frequencyOf(Tuple.of(1, Arbitraries.just(rings.getLast().self().id())), Tuple.of(1,
                hex(40)));
    }

    Arbitrary<String> address() {
        List<String> known = new ArrayList<>(addresses);
        known.addAll(List.of(hostile, hostile, hostile, "http://127.0.0.1:1", "http://[::1]:9"));
        List<String> wrong = List.of("", "127.0.0.1:8081", "ftp://127.0.0.1:21", "file:///etc/passwd", "http://",
                "http://127.0.0.1:99999", "http://user:pw@127.0.0.1:80", hostile + "/path?x=y", "http://\u0000",
                "jar:x!/y",
                hostile + "#f", "http://127.0.0.1:-1", "https://127.0.0.1:1", "http://" + "a".repeat(5000) + ":1");
        return Arbitraries.frequencyOf(Tuple.of(5, Arbitraries.of(known)), Tuple.of(1, Arbitraries.of(wrong)));
    }

    Arbitrary<String> ringId() {
        return Arbitraries.frequencyOf(Tuple.of(4, Arbitraries.just(rings.getFirst().ringId())), Tuple.of(1, hex(40)));
    }

    Arbitrary<Long> incarnation() {
        List<Long> known = rings.stream().map(ring -> ring.self().incarnation()).toList();
        return Arbitraries.frequencyOf(Tuple.of(3, Arbitraries.of(known)), Tuple.of(1, Arbitraries.longs().between(0,
                99)),
                Tuple.of(1, Arbitraries.of(List.of(1_000_000_000L, (1L << 53) - 1, Long.MAX_VALUE, -1L))));
    }

    /** The key of something that is written. */
    Arbitrary<String> key() {
        return Arbitraries.frequencyOf(Tuple.of(4, name().map(FuzzValues::keyOf)), Tuple.of(1, hex(40)));
    }

    Arbitrary<String> anyKey() {
        return Arbitraries.frequencyOf(Tuple.of(4, key()), Tuple.of(1, Arbitraries.just(keyOf(keptName))));
    }

    Arbitrary<String> hash() {
        return Arbitraries.frequencyOf(Tuple.of(3, Arbitraries.of(body(0), body(1), body(30)).map(FuzzValues::hashOf)),
                Tuple.of(1, Arbitraries.just(keptHash)), Tuple.of(1, hex(64)));
    }

    /** Makes the parts of a message about a file fit together: key and name, bytes, size and hash. */
    static void makeConsistent(ObjectNode message, int size) {
        byte[] bytes = body(message.path("deleted").asBoolean(false) ? 0 : size);
        message.put("key", keyOf(message.path("name").asString("")));
        message.put("copies", "all").put("size", bytes.length).put("sha256", hashOf(bytes));
        if (message.path("content") instanceof ObjectNode content) {
            content.removeAll();
            if (!message.path("deleted").asBoolean(false)) {
                content.put("inline", Base64.getEncoder().encodeToString(bytes));
            }
        }
    }

    /** Upload contents: few different ones, so that a named hash is sometimes that of a block. */
    Arbitrary<byte[]> content() {
        return Arbitraries.frequencyOf(Tuple.of(4, Arbitraries.of(body(0), body(1), body(30), body(5_000))),
                Tuple.of(1, Arbitraries.bytes().array(byte[].class).ofMaxSize(300)));
    }

    static byte[] body(int size) {
        return "c".repeat(size).getBytes(StandardCharsets.UTF_8);
    }

    static Arbitrary<String> hex(int digits) {
        return Arbitraries.strings().withChars("0123456789abcdef").ofLength(digits);
    }

    /** The beginning of the name's hash. */
    private static String keyOf(String name) {
        return hashOf(name.getBytes(StandardCharsets.UTF_8)).substring(0, 40);
    }

    static String hashOf(byte[] bytes) {
        return HexFormat.of().formatHex(RingClient.sha256().digest(bytes));
    }
}
