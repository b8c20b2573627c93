package io.chordshare.simulation.files;

import io.chordshare.storage.model.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of files, each made from a short value: in the record, in one block, or in several. */
final class Texts {

    /** More than a record carries. */
    private static final int IN_A_BLOCK = 70_000;
    /** More than one block has. */
    private static final int IN_TWO_BLOCKS = 4 * 1024 * 1024 + 10_000;
    private static final int KINDS = 24;

    private Texts() {}

    static byte[] bytes(String value) {
        byte[] head = (value + "\n").getBytes(StandardCharsets.UTF_8);
        int kind = Math.floorMod(value.hashCode(), KINDS);
        int size = kind == 0 ? IN_TWO_BLOCKS : kind % 2 == 1 ? IN_A_BLOCK : head.length;
        byte[] all = new byte[size];
        for (int at = 0; at < size; at += head.length) {
            System.arraycopy(head, 0, all, at, Math.min(head.length, size - at));
        }
        return all;
    }

    /** The value of a file. @throws AssertionError when it is not what was uploaded */
    static String value(byte[] bytes) {
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        String value = new String(bytes, 0, end, StandardCharsets.UTF_8);
        if (!Arrays.equals(bytes, bytes(value))) {
            throw new AssertionError("torn: " + bytes.length + " bytes that begin with " + value);
        }
        return value;
    }

    /** As a client would compare it. */
    static String etag(String value) {
        return '"' + Sha256.of(bytes(value)).toString() + '"';
    }
}
