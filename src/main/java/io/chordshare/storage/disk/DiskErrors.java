package io.chordshare.storage.disk;

import io.chordshare.storage.error.DiskFullException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** What an error of the system or of SQLite says about the disk. */
public final class DiskErrors {

    /** ENOSPC, EDQUOT and EFBIG as Unix words them, and two of Windows. Java keeps no number of the error. */
    private static final List<String> NO_ROOM = List.of("no space left", "quota exceeded", "file too large",
            "not enough space on the disk", "disk is full");
    private static final String READ_ONLY = "read-only file system";
    /** Limit for walking along causes, which may be a circle. */
    private static final int MAX_CAUSES = 20;
    /** An extended result code of SQLite has the primary one in its lowest byte. */
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

    /** SQLite could not read or write, and does not say why. */
    static boolean isUnexplained(Throwable error) {
        return isCode(error, SQLiteErrorCode.SQLITE_IOERR) || isCode(error, SQLiteErrorCode.SQLITE_CANTOPEN);
    }

    /** Whether the disk is to blame, and not the program or somebody who was interrupted. */
    static boolean isOfTheDisk(Throwable error) {
        return error instanceof IOException || isUnexplained(error) || isReadOnly(error) || isNoRoom(error)
                || isCode(error, SQLiteErrorCode.SQLITE_CORRUPT) || isCode(error, SQLiteErrorCode.SQLITE_NOTADB)
                || isCode(error, SQLiteErrorCode.SQLITE_PERM);
    }

    /** The error in a few words that a peer or a user may read: no path, no class. */
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
