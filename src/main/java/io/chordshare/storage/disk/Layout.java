package io.chordshare.storage.disk;

import io.chordshare.storage.NodeStore;
import java.nio.file.Path;

/**
 * Where things are in a node's directory. All that {@link NodeStore#setAside} moves is under {@code data}, so that one
 * rename moves it; temporary files are beside it, so that a running upload survives that rename.
 *
 * @param data records and blocks; what was set aside is laid out in the same way
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

    /** Native libraries, unpacked. */
    Path libraries() {
        return root.resolve("lib");
    }

    /** The folders of web servers. */
    public Path web() {
        return root.resolve("web");
    }

    /** Where a person put an empty file of this name, a node goes on without the records that it had. */
    public Path goOnWithoutRecords() {
        return root.resolve("start-without-records");
    }

    /** One numbered directory for each database that a node went on without. */
    public Path replaced() {
        return root.resolve("replaced");
    }

    /** The blocks that no record names, for a person to read. */
    public Path orphans() {
        return root.resolve("orphans.txt");
    }

    public Path database() {
        return data.resolve("records.db");
    }

    public Path blocks() {
        return data.resolve("blocks");
    }

    /** Which session of this node used the database last. */
    public Path session() {
        return data.resolve("session");
    }

    /** One empty file, by the name of the block, for each that an upload brought and no record has named yet. */
    public Path arriving() {
        return data.resolve("arriving");
    }

    /** In what was set aside: the other nodes have said that they hold all of it. */
    public Path handedOver() {
        return data.resolve("handed-over");
    }

    public Path quarantine() {
        return data.resolve("quarantine");
    }
}
