package io.chordshare.files;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.chordshare.files.FileException.Reason;
import io.chordshare.files.FileStream.BytesUnavailableException;
import io.chordshare.register.RegisterClient;
import io.chordshare.register.UnavailableException;
import io.chordshare.replication.FileRegister;
import io.chordshare.replication.Replication;
import io.chordshare.replication.blocks.BufferBudget;
import io.chordshare.replication.blocks.BufferBudget.OverloadedException;
import io.chordshare.runtime.NodeRuntime;
import io.chordshare.runtime.Peer;
import io.chordshare.storage.NodeStore;
import io.chordshare.storage.error.StorageException;
import io.chordshare.storage.model.FileEntry;
import io.chordshare.storage.model.FileRecord;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The file operations of users, available at any node. */
public final class FileService {

    /** Largest number of names on one page. */
    public static final int MAX_PAGE = 1000;
    /** The end of a folder's name. */
    public static final String FOLDER_END = "/";

    private final NodeRuntime runtime;
    private final NodeStore store;
    private final FileRegister register;
    private final Replication replication;
    private final BufferBudget budget;
    private final Uploads uploads;

    public FileService(NodeRuntime runtime, NodeStore store, FileRegister register, Replication replication,
                BufferBudget budget) {
        this.runtime = runtime;
        this.store = store;
        this.register = register;
        this.replication = replication;
        this.budget = budget;
        this.uploads = new Uploads(runtime, store, register, replication, budget);
    }

    /** A file that can be read. */
    public record Readable(FileRecord record, List<Peer> holders) {}

    /**
     * One page of the files in the ring.
     *
     * @param files in order of name
     * @param folders in order of name, each ending with {@code /}; null if not requested
     * @param next the value of {@code after} for the next page; null on the last page
     */
    public record Page(List<FileDescription> files,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable List<String> folders, @Nullable String next) {}

    public Uploads.Result upload(FileName name, InputStream body, Uploads.Request request) throws IOException {
        return uploads.upload(name, body, request);
    }

    /** This node's clock. */
    public Instant now() {
        return runtime.wallClock();
    }

    /** @param anyCopy whether any copy is enough, even if a newer version was acknowledged elsewhere */
    public Readable find(FileName name, boolean anyCopy) {
        try {
            if (anyCopy) {
                FileRegister.AnyCopy found = register.findAny(name.value());
                return new Readable(found.record().filter(record -> !record.deleted())
                        .orElseThrow(() -> notFound(name)), found.holders());
            }
            RegisterClient.Found found = register.inOneRing().find(name.value());
            return new Readable(found.file().orElseThrow(() -> notFound(name)), holders(found));
        } catch (UnavailableException e) {
            throw FileErrors.of(e);
        }
    }

    /** Opens a file. The bytes at {@code firstByte} are available when this returns. */
    public FileStream open(Readable file, long firstByte) throws IOException {
        FileStream stream = new FileStream(file.record(), file.holders(), store, replication.blockFetch(), budget);
        try {
            stream.prepare(firstByte);
            return stream;
        } catch (BytesUnavailableException e) {
            stream.close();
            throw new FileException(Reason.NO_MAJORITY, e.getMessage() + ". Try again in a moment", null, e);
        } catch (IOException e) {
            stream.close();
            if (e.getCause() instanceof OverloadedException overloaded) {
                throw FileErrors.of(overloaded);
            }
            throw e;
        }
    }

    public void delete(FileName name, Condition condition) {
        try {
            FileRecord tombstone = register.inOneRing().update(name.value(), (current, next) -> {
                // A missing file is reported before preconditions are checked (RFC 9110, section 13.2.1)
                FileRecord file = current.orElseThrow(() -> notFound(name));
                condition.checkForWriting(current);
                return file.tombstone(next.version(), next.modified());
            }, List.of());
            replication.announce(tombstone.entry());
        } catch (UnavailableException e) {
            throw FileErrors.of(e);
        } catch (StorageException e) {
            throw FileErrors.of(e);
        }
    }

    /** @param after list names after this one; null from the start */
    public Page list(String prefix, @Nullable String after, int limit) {
        List<FileEntry> entries = store.index().page(prefix, after, limit + 1);
        List<Peer> ring = replication.members().now();
        List<FileDescription> files = new ArrayList<>();
        entries.stream().limit(limit).forEach(entry -> files.add(describe(entry, ring)));
        return new Page(files, null, entries.size() > limit ? files.getLast().name() : null);
    }

    /** As {@link #list}, but a folder below {@code prefix} appears once instead of its content. */
    public Page listFolder(String prefix, @Nullable String after, int limit) {
        FolderPage page = FolderPage.read(store.index(), prefix, after, limit);
        List<Peer> ring = replication.members().now();
        return new Page(page.files().stream().map(entry -> describe(entry, ring)).toList(), page.folders(),
                page.next());
    }

    public FileDescription describe(FileEntry entry) {
        return describe(entry, replication.members().now());
    }

    private FileDescription describe(FileEntry entry, List<Peer> ring) {
        return FileDescription.of(entry, replication.ownerOf(entry.key(), ring), now());
    }

    /** Members that have said so, then the others that should have the bytes. */
    private List<Peer> holders(RegisterClient.Found found) {
        List<Peer> holders = new ArrayList<>(found.holders());
        found.view().members().stream().filter(member -> holders.stream().noneMatch(member::sameNode))
                .forEach(holders::add);
        return holders.stream().map(replication.placement()::newest).toList();
    }

    static FileException notFound(FileName name) {
        return new FileException(Reason.NOT_FOUND, "There is no file named '" + name.value()
                + "'. GET /files lists the existing files");
    }
}
