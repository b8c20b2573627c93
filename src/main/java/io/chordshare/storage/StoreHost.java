package io.chordshare.storage;

import io.chordshare.storage.db.Writer;
import io.chordshare.storage.db.WriterThread;
import io.chordshare.storage.disk.FreeSpace;
import java.time.Instant;
import java.util.UUID;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What a store takes from its process and its machine, beside its directory. The simulator has its own.
 *
 * @param nanoTime  monotonic time in nanoseconds
 * @param wallClock the time of day
 * @param ids       gives random ids
 * @param writers   makes the one that writes to the database
 * @param freeSpace how much room the disk has
 */
public record StoreHost(LongSupplier nanoTime, Supplier<Instant> wallClock, Supplier<String> ids,
                        Writer.Factory writers, FreeSpace.Source freeSpace) {

    /** This machine: its clocks, a thread that writes, and its disk. */
    public static StoreHost real() {
        return new StoreHost(System::nanoTime, Instant::now, () -> UUID.randomUUID().toString(), WriterThread::new,
                FreeSpace::of);
    }

    StoreHost withNanoTime(LongSupplier other) {
        return new StoreHost(other, wallClock, ids, writers, freeSpace);
    }
}
