package io.chordshare.storage;

import java.nio.file.Path;

/**
 * Where things are in a node's directory. All that {@link NodeStore#setAside} moves is under {@code data}, so that one
 * rename moves it; temporary files are beside it, so that a running upload survives that rename.
 */
record Layout(Path root) {

    Path lock() {
        return root.resolve("lock");
    }

    Path format() {
        return root.resolve("format");
    }

    Path facts() {
        return root.resolve("facts.json");
    }

    Path ballast() {
        return root.resolve("ballast");
    }

    Path temporary() {
        return root.resolve("tmp");
    }

    /** One numbered directory for each time that data was set aside. */
    Path aside() {
        return root.resolve("aside");
    }

    /** Native libraries, unpacked. */
    Path libraries() {
        return root.resolve("lib");
    }

    /** The folders of web servers. */
    Path web() {
        return root.resolve("web");
    }

    Path data() {
        return root.resolve("data");
    }

    Path database() {
        return data().resolve("records.db");
    }

    Path blocks() {
        return data().resolve("blocks");
    }

    Path quarantine() {
        return data().resolve("quarantine");
    }
}
