package io.pitstop.environment;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Takes the arguments of pitstop proxy, writes them where the token belongs, and listens. */
final class StandInProxy {
    private StandInProxy() {}

    public static void main(String[] arguments) throws Exception {
        Files.writeString(Path.of(arguments[10], "token"), String.join(" ", arguments));
        List<ServerSocket> sockets = List.of(listen(arguments[2]), listen(arguments[4]));
        while (!sockets.isEmpty()) {
            Thread.sleep(1_000); // until it is ended
        }
    }

    private static ServerSocket listen(String address) throws IOException {
        String[] parts = address.split(":");
        return new ServerSocket(Integer.parseInt(parts[1]), 1, InetAddress.getByName(parts[0]));
    }
}
