package io.pitstop.cli;

import io.pitstop.cli.output.Version;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The list of commands, in the order of a release. */
@Command(
        name = "pitstop",
        description = "Releases a new version of an application and its database schema without downtime.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done, or nothing left to do",
            "1:a defect of Pitstop",
            "2:invalid configuration, usage or script; nothing touched unless the message says what stays",
            "3:refused, a precondition does not hold; nothing touched unless the message says what stays",
            "4:a check failed: gate, smoke test or health, users are on the old version; or rows are left, users stay put",
            "5:an outside system failed; safe to run again",
            "6:outcome unknown: stop and call a human",
            "130, 143:interrupted; run again to go on"
        },
        subcommands = {
            CheckCommand.class,
            DraftCommand.class,
            PlanCommand.class,
            MigrateExpandCommand.class,
            DeployGreenCommand.class,
            BackfillCommand.class,
            SmokeTestCommand.class,
            ApproveCommand.class,
            SwitchTrafficCommand.class,
            ContractCommand.class,
            RollbackCommand.class,
            RestoreCommand.class,
            ArchiveCommand.class,
            StatusCommand.class,
            ReportCommand.class,
            DoctorCommand.class,
            ApplyTrafficCommand.class,
            ProxyCommand.class,
            DemoCommand.class,
            ProveCommand.class,
            EmulatedAlbCommand.class,
            WarmUpCommand.class,
            HelpCommand.class
        })
final class PitstopCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "name a command, such as status.");
    }
}
