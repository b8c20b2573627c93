package io.chordshare.files;

import io.chordshare.register.UnavailableException;
import io.chordshare.storage.model.Content;
import io.chordshare.storage.model.ListBlock;
import io.chordshare.storage.model.Sha256;
import java.util.ArrayList;
import java.util.List;

/** The growing list of a file's blocks. A long list is itself stored in blocks, so it never takes much memory. */
final class BlockList {

    private final BlockUploader uploader;
    private final List<Sha256> current = new ArrayList<>();
    private final List<Sha256> listBlocks = new ArrayList<>();

    BlockList(BlockUploader uploader) {
        this.uploader = uploader;
    }

    void add(Sha256 block) throws UnavailableException {
        if (current.size() == Content.MAX_LISTED) {
            flush();
        }
        current.add(block);
    }

    Content finish() throws UnavailableException {
        if (listBlocks.isEmpty()) {
            return Content.ofBlocks(current);
        }
        flush();
        return Content.ofListBlocks(listBlocks);
    }

    private void flush() throws UnavailableException {
        byte[] bytes = ListBlock.encode(current);
        listBlocks.add(uploader.send(bytes, bytes.length));
        current.clear();
    }
}
