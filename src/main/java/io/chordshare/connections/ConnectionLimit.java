package io.chordshare.connections;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.springframework.util.unit.DataSize;

/** The number of client connections that a process can hold without running out of memory or open files. */
final class ConnectionLimit {

    /**
     * Upper limit of the heap that one connection uses. Measured: 57 KiB for a half-sent request (two buffers of 8 KiB
     * for the socket, 28 KiB for the head, 8 KiB for the answer, and Tomcat's objects). A running request adds a 64 KiB
     * buffer while it reads a block, but at most a quarter of the connections do so at once.
     */
    static final DataSize HEAP_OF_ONE = DataSize.ofKilobytes(64);

    /** Connections may use the heap divided by this. The rest is for bodies, records, the ring and the framework. */
    static final int HEAP_SHARE = 4;

    /**
     * Upper limit of open files per connection: its socket, the block that it reads or writes, and two calls to peers,
     * which connections share.
     */
    static final int FILES_OF_ONE = 4;

    /** Open files of a node without clients: the program, the database, and connections to and from peers. */
    static final int FILES_OF_A_NODE = 128;

    /** Fewer connections cannot serve a browser and four neighbours at the same time. */
    static final int LEAST = 32;

    /** Tomcat's own default. A node cannot use more connections. */
    static final int MOST = 8192;

    private ConnectionLimit() {}

    /** The limit for this process, from its maximum heap and its limit of open files. */
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
