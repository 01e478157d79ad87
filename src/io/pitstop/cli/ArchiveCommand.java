package io.pitstop.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What contract dropped and where it is kept. */
@Command(
        name = "archive",
        description = "Show what contract dropped and is kept, or remove what has been kept long enough.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {ArchiveListCommand.class, ArchivePurgeCommand.class, HelpCommand.class})
final class ArchiveCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command, list or purge.");
    }
}
