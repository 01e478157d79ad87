package io.pitstop.cli;

import io.pitstop.cli.output.Failures;
import io.pitstop.demo.DemoRun;
import io.pitstop.error.PitstopException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows a whole release on one machine. */
@Command(
        name = "demo",
        description =
                "Run a whole release of a sample application under load, on this machine, and show what happened.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class DemoCommand implements Callable<Integer> {
    @Option(
            names = "--posts",
            paramLabel = "N",
            defaultValue = "200000",
            description = "Posts that are there before the release. Default: ${DEFAULT-VALUE}.")
    private long posts;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "200",
            description = "Requests per second during the release. Default: ${DEFAULT-VALUE}.")
    private int rate;

    @Option(
            names = "--db-url",
            paramLabel = "JDBC_URL",
            description = "An empty PostgreSQL database to use instead of an embedded one; with PITSTOP_DB_USER and"
                    + " PITSTOP_DB_PASSWORD.")
    private String dbUrl;

    @Option(names = "--result", paramLabel = "FILE", description = "File that receives the figures as JSON.")
    private Path result;

    @Option(
            names = "--aws",
            description =
                    "Through a load balancer of AWS, which an emulator (moto) plays: with Terraform's AWS provider"
                            + " and the AWS SDK, as in production.")
    private boolean aws;

    @Option(names = "--keep", description = "Leave everything running, to play with it by hand.")
    private boolean keep;

    @Option(
            names = "--stage",
            description = "Only build the stage and leave it running: version 1 serves, and version 2 is there to be"
                    + " released by hand or from a CI.")
    private boolean stageOnly;

    @Option(
            names = "--stop",
            paramLabel = "FOLDER",
            description = "Take down what an earlier --keep or --stage left running.")
    private Path stop;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        try {
            if (stop != null) {
                DemoRun.stop(stop);
            } else {
                DemoRun.Options options = new DemoRun.Options(
                        posts, rate, Optional.ofNullable(dbUrl), Optional.ofNullable(result), aws, keep);
                DemoRun demo = new DemoRun(options, spec.commandLine().getOut());
                if (stageOnly) {
                    demo.stage();
                } else {
                    demo.run();
                }
            }
            return 0;
        } catch (PitstopException expected) {
            return Failures.print(spec.commandLine().getErr(), expected);
        }
    }
}
