package io.chordshare.storage.disk;

import io.chordshare.storage.NodeStore;
import java.nio.file.Path;

/**
 * The paths in a node's directory. Everything that {@link NodeStore#setAside} moves is under {@code data}, so one
 * rename moves it. Temporary files are outside {@code data}, so a running upload survives that rename.
 *
 * @param data records and blocks; data that was set aside has the same layout
 */
public record Layout(Path root, Path data) {

    public Layout(Path root) {
        this(root, root.resolve("data"));
    }

    Path lock() {
        return root.resolve("lock");
    }

    public Path format() {
        return root.resolve("format");
    }

    Path facts() {
        return root.resolve("facts.json");
    }

    Path ballast() {
        return root.resolve("ballast");
    }

    public Path temporary() {
        return root.resolve("tmp");
    }

    /** One numbered directory for each time that data was set aside. */
    public Path aside() {
        return root.resolve("aside");
    }

    /** Unpacked native libraries. */
    Path libraries() {
        return root.resolve("lib");
    }

    /** Directories of the web servers. */
    public Path web() {
        return root.resolve("web");
    }

    /** If a person creates an empty file of this name, the node starts without the records that it had. */
    public Path goOnWithoutRecords() {
        return root.resolve("start-without-records");
    }

    /** One numbered directory for each database that the node continued without. */
    public Path replaced() {
        return root.resolve("replaced");
    }

    /** A text file that lists the blocks that no record names. */
    public Path orphans() {
        return root.resolve("orphans.txt");
    }

    public Path database() {
        return data.resolve("records.db");
    }

    public Path blocks() {
        return data.resolve("blocks");
    }

    /** Names the session of this node that used the database last. */
    public Path session() {
        return data.resolve("session");
    }

    /**
     * One empty file per arriving block: an upload brought the block, and no record names it yet. The file has the
     * block's name.
     */
    public Path arriving() {
        return data.resolve("arriving");
    }

    /** In data that was set aside: the other nodes have confirmed that they hold all of it. */
    public Path handedOver() {
        return data.resolve("handed-over");
    }

    public Path quarantine() {
        return data.resolve("quarantine");
    }
}
