package io.chordshare.cli.command;

import io.chordshare.cli.ClientException;
import io.chordshare.cli.ExitCode;
import io.chordshare.cli.terminal.Printable;
import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine;

/** {@code completion}: prints what a shell needs to complete commands and options. */
final class CompletionCommand implements Command {

    @Override
    public CommandSpec spec() {
        CommandSpec spec = Arguments.command("completion", "Print what bash or zsh need to complete commands.",
                "", "Once for a shell, with a function or alias that is called chordshare:",
                "  source <(chordshare completion bash)", "", "For zsh the same with zsh, in ~/.zshrc.");
        spec.addPositional(Arguments.one("SHELL", "bash or zsh."));
        return spec;
    }

    @Override
    public ExitCode run(ParseResult parsed, Session session) throws ClientException {
        String shell = Arguments.value(parsed);
        if (!shell.equals("bash") && !shell.equals("zsh")) {
            throw new ClientException(ExitCode.USAGE, "SHELL must be bash or zsh, not " + Printable.quoted(shell));
        }
        CommandLine all = Commands.commandLine();
        String script = AutoComplete.bash(all.getCommandName(), all);
        session.terminal().out().print(shell.equals("zsh") ? "setopt complete_aliases\n" + script : script);
        return ExitCode.DONE;
    }
}
