package io.pitstop.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Writes the SQL of a change; one command for each kind. */
@Command(
        name = "draft",
        description =
                "Write the SQL of a whole change, from expand to contract and back, for the team to read and edit.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "CHANGE",
        commandListHeading = "%nChanges:%n",
        subcommands = {
            DraftColumns.Rename.class,
            DraftColumns.Split.class,
            DraftColumns.Merge.class,
            DraftColumns.Type.class,
            DraftColumns.NotNull.class,
            DraftColumns.Unique.class,
            DraftColumns.Drop.class,
            DraftTables.ForeignKey.class,
            DraftTables.Extract.class,
            DraftTables.Move.class,
            DraftTables.Rename.class,
            DraftTables.Drop.class,
            HelpCommand.class
        })
final class DraftCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a change, such as rename-column.");
    }
}
