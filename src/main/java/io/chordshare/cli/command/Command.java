package io.chordshare.cli.command;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** One command of the client. */
public interface Command {

    /** The name, options and help of the command. */
    CommandSpec spec();

    /** @param parsed options and arguments as declared in {@link #spec} */
    ExitCode run(ParseResult parsed, Session session) throws ClientException;
}
