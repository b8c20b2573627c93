package io.chordshare.register;

import io.chordshare.runtime.Peer;
import io.chordshare.storage.model.FileRecord;
import java.util.List;

/** Gets the bytes of records that are in blocks: the port to the block store, and to the blocks of other nodes. */
public interface BlockSource {

    /**
     * Brings all bytes of a record here, durably, and keeps them until the record is stored or some time has passed.
     * Every block is checked against its hash.
     *
     * @param from nodes that may have them, the most likely first
     * @return whether all bytes are here now
     */
    boolean fetch(FileRecord record, List<Peer> from);
}
