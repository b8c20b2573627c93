package io.chordshare.cli;

/** The exit codes of the client, for scripts. Documented in docs/cli.md. A number never changes its meaning. */
public enum ExitCode {

    DONE(0, "done"),
    FAILED(1, "failed otherwise"),
    USAGE(2, "the command line is wrong"),
    UNREACHABLE(3, "no node answers there, or the connection broke"),
    NOT_FOUND(4, "there is no such file"),
    CONFLICT(5, "something is in the way: a file that exists, a condition, a ring"),
    TRY_LATER(6, "not possible now, but perhaps later"),
    DAMAGED(7, "the bytes do not match their checksum");

    public static final int NOT_FOUND_STATUS = 404;
    private static final int CONFLICT_STATUS = 409;
    private static final int PRECONDITION_FAILED_STATUS = 412;
    private static final int TOO_MANY_STATUS = 429;
    private static final int PEER_FAILED_STATUS = 502;
    private static final int UNAVAILABLE_STATUS = 503;
    private static final int TIMED_OUT_STATUS = 504;
    private static final int DISK_FULL_STATUS = 507;

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /** The exit code of the process. */
    public int number() {
        return number;
    }

    public String meaning() {
        return meaning;
    }

    /** The exit code for a refusal with this HTTP status. */
    public static ExitCode ofStatus(int status) {
        return switch (status) {
            case NOT_FOUND_STATUS -> NOT_FOUND;
            case CONFLICT_STATUS, PRECONDITION_FAILED_STATUS -> CONFLICT;
            case PEER_FAILED_STATUS -> UNREACHABLE;
            case TOO_MANY_STATUS, UNAVAILABLE_STATUS, TIMED_OUT_STATUS, DISK_FULL_STATUS -> TRY_LATER;
            default -> FAILED;
        };
    }
}
