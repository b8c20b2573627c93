package io.chordshare.storage.disk;

import io.chordshare.storage.error.DiskFullException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Classifies errors of the operating system and of SQLite. */
public final class DiskErrors {

    /** The messages of ENOSPC, EDQUOT and EFBIG on Unix, and two of Windows. Java does not expose the error number. */
    private static final List<String> NO_ROOM = List.of("no space left", "quota exceeded", "file too large",
            "not enough space on the disk", "disk is full");
    private static final String READ_ONLY = "read-only file system";
    /** Limit for following causes, which may form a cycle. */
    private static final int MAX_CAUSES = 20;
    /** The lowest byte of an extended SQLite result code is the primary code. */
    private static final int PRIMARY_CODE = 0xff;

    private DiskErrors() {}

    public static boolean isNoRoom(@Nullable Throwable error) {
        Throwable cause = error;
        for (int i = 0; i < MAX_CAUSES && cause != null; i++) {
            if (cause instanceof DiskFullException || isCode(cause, SQLiteErrorCode.SQLITE_FULL)
                    || (isOfTheSystem(cause) && NO_ROOM.stream().anyMatch(text(cause)::contains))) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    static boolean isReadOnly(Throwable error) {
        return isCode(error, SQLiteErrorCode.SQLITE_READONLY)
                || (isOfTheSystem(error) && text(error).contains(READ_ONLY));
    }

    /** Whether SQLite could not read or write, and does not say why. */
    static boolean isUnexplained(Throwable error) {
        return isCode(error, SQLiteErrorCode.SQLITE_IOERR) || isCode(error, SQLiteErrorCode.SQLITE_CANTOPEN);
    }

    /** Whether the disk is the cause, and not the program or an interrupt. */
    static boolean isOfTheDisk(Throwable error) {
        return error instanceof IOException || isUnexplained(error) || isReadOnly(error) || isNoRoom(error)
                || isCode(error, SQLiteErrorCode.SQLITE_CORRUPT) || isCode(error, SQLiteErrorCode.SQLITE_NOTADB)
                || isCode(error, SQLiteErrorCode.SQLITE_PERM);
    }

    /** A short description that a peer or a user may read: no path, no class name. */
    static String words(Throwable error) {
        return switch (error) {
            case FileSystemException file when file.getReason() != null -> file.getReason();
            case FileSystemException file -> "a file or directory is missing or cannot be used";
            case SQLiteException sql -> sql.getResultCode().message;
            default -> error.getMessage() == null || error.getMessage().contains("/") ? "I/O error"
                    : error.getMessage();
        };
    }

    private static boolean isOfTheSystem(Throwable error) {
        return error instanceof IOException;
    }

    private static boolean isCode(Throwable error, SQLiteErrorCode primary) {
        return error instanceof SQLiteException sql && (sql.getResultCode().code & PRIMARY_CODE) == primary.code;
    }

    private static String text(Throwable error) {
        return String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT);
    }
}
