package io.chordshare.storage;

import java.io.IOException;
import java.nio.file.Path;

/** Brings a directory in order before its node starts: what a crash left goes, what it interrupted is finished. */
final class StoreSweep {

    private final BlockFiles files;
    private final BlockFreeing freeing;
    private final Database database;

    StoreSweep(BlockFiles files, BlockFreeing freeing, Database database) {
        this.files = files;
        this.freeing = freeing;
        this.database = database;
    }

    static void temporaries(Layout layout) throws IOException {
        DurableFiles.empty(layout.temporary());
    }

    static void createDirectories(Layout layout) throws IOException {
        DurableFiles.createDirectory(layout.temporary());
        DurableFiles.createDirectory(layout.aside());
        DurableFiles.createDirectory(layout.data());
        DurableFiles.createDirectory(layout.blocks());
        DurableFiles.createDirectory(layout.quarantine());
    }

    void run() throws IOException {
        freeUnnamed();
        markQuarantined();
    }

    /** No upload is open yet, so every block that no record names was left behind. */
    private void freeUnnamed() throws IOException {
        for (Path leaf : files.leaves()) {
            for (Sha256 block : files.in(leaf)) {
                database.read(session -> {
                    freeing.freeUnlessNamed(session, block);
                    return true;
                });
            }
        }
    }

    /** A crash between moving a damaged block and marking its records leaves records that call themselves complete. */
    private void markQuarantined() throws IOException {
        for (Sha256 block : files.quarantined()) {
            if (!files.has(block)) {
                database.write(session -> {
                    BlockReferences.markMissing(session, block);
                    return true;
                });
            }
        }
    }
}
