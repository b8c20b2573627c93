package io.chordshare.files.http;

import io.chordshare.files.FileService;
import java.io.IOException;
import java.io.InputStream;
import org.springframework.core.io.AbstractResource;

/** A file as a resource that Spring writes in regions. Each region opens the file again and skips to its position. */
final class FileResource extends AbstractResource {

    private final FileService files;
    private final FileService.Readable file;

    FileResource(FileService files, FileService.Readable file) {
        this.files = files;
        this.file = file;
    }

    @Override
    public InputStream getInputStream() throws IOException {
        return files.open(file, file.record().size());
    }

    @Override
    public long contentLength() {
        return file.record().size();
    }

    @Override
    public String getDescription() {
        return "file " + file.record().name();
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
