package io.pitstop.cli;

import io.pitstop.error.Interrupted;
import io.pitstop.error.PitstopException;
import io.pitstop.proxy.ProxyConfig;
import io.pitstop.proxy.ProxyServer;
import io.pitstop.release.Colour;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

@Command(
        name = "proxy",
        mixinStandardHelpOptions = true,
        description = "Split traffic between blue and green on this machine, until it is told to stop by SIGTERM.")
final class ProxyCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(
            names = "--listen",
            required = true,
            paramLabel = "HOST:PORT",
            converter = Address.class,
            description = "Where users' requests are taken.")
    private InetSocketAddress listen;

    @Option(
            names = "--admin",
            required = true,
            paramLabel = "HOST:PORT",
            converter = Address.class,
            description = "Where orders are taken; loopback.")
    private InetSocketAddress admin;

    @Option(names = "--blue", required = true, paramLabel = "URL", description = "Blue's health check.")
    private URI blue;

    @Option(names = "--green", required = true, paramLabel = "URL", description = "Green's health check.")
    private URI green;

    @Option(
            names = "--state-dir",
            required = true,
            paramLabel = "DIR",
            description = "Keeps the split, and the token that every order needs.")
    private Path stateDir;

    @Option(
            names = "--initial",
            defaultValue = "blue",
            paramLabel = "COLOUR",
            converter = ColourName.class,
            description = "Gets all traffic when DIR holds no split yet: blue or green; default: ${DEFAULT-VALUE}.")
    private Colour initial;

    @Override
    public Integer call() {
        try {
            serve(new ProxyConfig(listen, admin, blue, green, stateDir, initial, ProxyConfig.Limits.byDefault()));
            return 0;
        } catch (PitstopException expected) {
            PrintWriter err = spec.commandLine().getErr();
            err.println(expected.getMessage() + " Next: " + expected.hint());
            return expected.exitCode();
        }
    }

    private void serve(ProxyConfig config) {
        try (ProxyServer server = ProxyServer.start(config)) {
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "stop"));
            PrintWriter out = spec.commandLine().getOut();
            out.println("The proxy listens on " + text(server.address()) + ", for orders on "
                    + text(server.adminAddress()) + " with the token in " + stateDir.resolve("token") + ".");
            out.flush();
            new CountDownLatch(1).await(); // the signal that ends the process ends this
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("serving");
        }
    }

    private static String text(InetSocketAddress address) {
        return address.getHostString() + ":" + address.getPort();
    }

    /** Host and port, as {@code 127.0.0.1:8080} or {@code [::1]:8080}. */
    static final class Address implements ITypeConverter<InetSocketAddress> {
        @Override
        public InetSocketAddress convert(String text) {
            URI parsed = URI.create("http://" + text);
            if (parsed.getHost() == null || parsed.getPort() < 0 || parsed.getPort() > 65_535) {
                throw new TypeConversionException("'" + text + "' is not an address such as 127.0.0.1:8080");
            }
            return new InetSocketAddress(parsed.getHost(), parsed.getPort());
        }
    }

    /** Lower case, as everywhere outside the code. */
    static final class ColourName implements ITypeConverter<Colour> {
        @Override
        public Colour convert(String text) {
            for (Colour colour : Colour.values()) {
                if (colour.toString().equals(text.toLowerCase(Locale.ROOT))) {
                    return colour;
                }
            }
            throw new TypeConversionException("'" + text + "' is neither blue nor green");
        }
    }
}
