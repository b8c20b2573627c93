package io.chordshare.storage.recovery;

import io.chordshare.storage.blocks.BlockFiles;
import io.chordshare.storage.db.Database;
import io.chordshare.storage.disk.DurableFiles;
import io.chordshare.storage.disk.Layout;
import io.chordshare.storage.disk.OwnerOnly;
import io.chordshare.storage.model.Orphans;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reports the blocks that no record names: their number in the log, and each block in a file. */
public final class OrphanReport {

    private static final int AT_ONCE = 1_000;
    /** Limit of the file: about 20 MB. If there are more orphans, read the table. */
    private static final int MAX_LINES = 100_000;

    private static final Logger LOG = LoggerFactory.getLogger(OrphanReport.class);

    private final Layout layout;
    private final BlockFiles files;
    private final Database database;

    public OrphanReport(Layout layout, BlockFiles files, Database database) {
        this.layout = layout;
        this.files = files;
        this.database = database;
    }

    /** Writes the report. Without room for the file only the log has it. */
    public void write() {
        Orphans all = database.read(OrphanTable::totals);
        try {
            if (all.blocks() == 0) {
                Files.deleteIfExists(layout.orphans());
                return;
            }
            LOG.warn("No record of this node names {} blocks ({} bytes). They are kept, and become copies again when a"
                    + " record of another node names them. {} lists them", all.blocks(), all.bytes(), layout.orphans());
            Path temporary = layout.temporary().resolve("orphans");
            writeLines(temporary, all);
            DurableFiles.move(temporary, layout.orphans());
        } catch (IOException e) {
            LOG.debug("The list of blocks without a record cannot be written", e);
        }
    }

    private void writeLines(Path file, Orphans all) throws IOException {
        try (BufferedWriter out = new BufferedWriter(
                Channels.newWriter(OwnerOnly.create(file), StandardCharsets.UTF_8))) {
            out.write("# " + all.blocks()
                    + " blocks that no record named when the node started: SHA-256, bytes of the file,"
                    + " found, file\n");
            byte[] last = new byte[0];
            List<OrphanTable.Orphan> page;
            int lines = 0;
            do {
                byte[] after = last;
                page = database.read(session -> OrphanTable.page(session, after, AT_ONCE));
                for (OrphanTable.Orphan orphan : page) {
                    out.write(orphan.block() + " " + orphan.bytes() + " " + orphan.found() + " "
                            + layout.root().relativize(files.path(orphan.block())) + "\n");
                    last = orphan.block().toBytes();
                }
                lines += page.size();
            } while (page.size() == AT_ONCE && lines < MAX_LINES);
            if (lines < all.blocks()) {
                out.write("# and " + (all.blocks() - lines) + " more\n");
            }
        }
    }
}
