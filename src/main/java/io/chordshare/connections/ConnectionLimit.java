package io.chordshare.connections;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.springframework.util.unit.DataSize;

/** How many connections of clients a process can hold without running out of memory or of open files. */
public final class ConnectionLimit {

    /**
     * Heap of one connection at most. Measured: 57 KiB for a half-sent request (two buffers of 8 KiB for the socket, 28
     * KiB for the head, 8 KiB for the answer, and Tomcat's objects); a request that runs adds a frame of 64 KiB of a
     * block that it reads, but no more than a quarter of the connections do so at a time.
     */
    static final DataSize HEAP_OF_ONE = DataSize.ofKilobytes(64);

    /**
     * This part of the heap is for connections: a quarter. The rest is for bodies, records, the ring and the framework.
     */
    static final int HEAP_SHARE = 4;

    /**
     * Open files of one connection at most: its socket, the block that it reads or writes, and two calls to peers,
     * which connections share.
     */
    static final int FILES_OF_ONE = 4;

    /** Open files of a node without clients: the program, the database, and the connections to and from peers. */
    static final int FILES_OF_A_NODE = 128;

    /** Fewer than this do not serve a browser and four neighbours at the same time. */
    static final int LEAST = 32;

    /** Tomcat's own default. More connections are of no use to a node. */
    static final int MOST = 8192;

    private ConnectionLimit() {}

    /** For this process: from its largest heap and its limit of open files. */
    static int ofThisProcess() {
        return of(Runtime.getRuntime().maxMemory(), openFiles());
    }

    static int of(long heapBytes, long openFiles) {
        long byHeap = heapBytes / HEAP_SHARE / HEAP_OF_ONE.toBytes();
        long byFiles = (openFiles - FILES_OF_A_NODE) / FILES_OF_ONE;
        return (int) Math.clamp(Math.min(byHeap, byFiles), LEAST, MOST);
    }

    private static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount() : Long.MAX_VALUE;
    }
}
