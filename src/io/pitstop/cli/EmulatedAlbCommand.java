package io.pitstop.cli;

import io.pitstop.aws.Aws;
import io.pitstop.cli.output.Failures;
import io.pitstop.config.AwsConfig;
import io.pitstop.demo.alb.ListenerFollower;
import io.pitstop.error.Interrupted;
import io.pitstop.error.PitstopException;
import io.pitstop.proxy.ProxyConfig;
import io.pitstop.proxy.ProxyServer;
import io.pitstop.release.Colour;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Carries the traffic of a listener that an emulator has only the API of. The demo's, and of no use in front of AWS. */
@Command(name = "emulated-alb", hidden = true, mixinStandardHelpOptions = true)
final class EmulatedAlbCommand implements Callable<Integer> {
    /** Until the first look at the API. */
    private static final URI NOBODY = URI.create("http://127.0.0.1:1/");

    @Spec
    private CommandSpec spec;

    @Option(names = "--listen", required = true, converter = ProxyCommand.Address.class)
    private InetSocketAddress listen;

    @Option(names = "--listener", required = true, paramLabel = "ARN")
    private String listener;

    @Option(names = "--blue-group", required = true, paramLabel = "ARN")
    private String blueGroup;

    @Option(names = "--green-group", required = true, paramLabel = "ARN")
    private String greenGroup;

    @Option(names = "--state-dir", required = true, paramLabel = "DIR")
    private Path stateDir;

    @Override
    public Integer call() {
        ProxyConfig config = new ProxyConfig(
                listen,
                new InetSocketAddress("127.0.0.1", 0),
                NOBODY,
                NOBODY,
                stateDir,
                Colour.BLUE,
                ProxyConfig.Limits.byDefault());
        Aws aws = new Aws(new AwsConfig(Optional.empty(), Optional.empty(), Optional.empty()));
        Map<Colour, String> groups = Map.of(Colour.BLUE, blueGroup, Colour.GREEN, greenGroup);
        try (ProxyServer server = ProxyServer.start(config);
                ListenerFollower follower = ListenerFollower.start(aws.loadBalancing(), listener, groups, server)) {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, follower), "stop"));
            new CountDownLatch(1).await(); // the signal that ends the process ends this
            return 0;
        } catch (InterruptedException e) {
            return Failures.print(spec.commandLine().getErr(), Interrupted.whileDoing("serving"));
        } catch (PitstopException expected) {
            return Failures.print(spec.commandLine().getErr(), expected);
        }
    }

    private static void stop(ProxyServer server, ListenerFollower follower) {
        server.close(); // requests in flight finish while the weights may still change
        follower.close();
    }
}
