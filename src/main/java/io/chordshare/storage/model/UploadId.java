package io.chordshare.storage.model;

import java.util.regex.Pattern;

/** The id of an upload, sent to the nodes that keep its blocks: 1 to 64 letters, digits, {@code -} and {@code _}. */
public final class UploadId {

    private static final Pattern ID = Pattern.compile("[0-9A-Za-z_-]{1,64}");

    private UploadId() {}

    /** @throws IllegalArgumentException unless {@code id} is a valid upload id */
    public static String check(String id) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("an upload id has 1 to 64 letters, digits, - and _");
        }
        return id;
    }
}
