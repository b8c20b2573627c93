package io.chordshare.cli.command;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** One command of the client. */
public interface Command {

    /** Its name, options and help. */
    CommandSpec spec();

    /** @param parsed its options and arguments, as {@link #spec} has them */
    ExitCode run(ParseResult parsed, Session session) throws ClientException;
}
