package io.pitstop.prove.fault;

import io.pitstop.config.LocalConfig;
import io.pitstop.error.PitstopException;
import io.pitstop.prove.place.LocalProcess;
import io.pitstop.release.Colour;
import io.pitstop.traffic.TrafficRouter;
import io.pitstop.traffic.local.ProxyRouter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Processes that die, and whoever keeps services up, who starts the same again. */
final class Outage {
    private static final int LOOKS = 600;
    private static final int PAUSE_MS = 50;
    private static final int PATIENCE_MS = 1_000;
    private static final int SHORTEST_MS = 300;
    private static final int LONGEST_MS = 2_500;

    private Outage() {}

    /** Returns when the proxy takes requests again. */
    static void restartProxy(Scene scene) {
        try {
            LocalProcess.of(scene.place().stage(), "blog-proxy").restart();
            awaitEntrance(scene);
        } catch (IOException e) {
            scene.find("the proxy could not be started again: " + e.getMessage());
        }
    }

    /** Kills the targets of both colours; beside the agent they come back, some time later. */
    static void ofAllTargets(Scene scene) {
        List<LocalProcess> targets = new ArrayList<>();
        List<LocalProcess.Call> calls = new ArrayList<>();
        try {
            for (Colour colour : Colour.values()) {
                LocalProcess target = LocalProcess.of(scene.place().stage(), "blog-" + colour);
                calls.add(target.call());
                targets.add(target);
            }
        } catch (IOException e) {
            scene.find("not all targets ran: " + e.getMessage());
            return;
        }
        targets.forEach(LocalProcess::kill);
        int after = SHORTEST_MS + scene.random().nextInt(LONGEST_MS - SHORTEST_MS);
        scene.beside(() -> {
            Scene.pause(after);
            start(scene, targets, calls);
        });
    }

    private static void start(Scene scene, List<LocalProcess> targets, List<LocalProcess.Call> calls) {
        try {
            for (int i = 0; i < targets.size(); i++) {
                targets.get(i).start(calls.get(i));
            }
            for (Colour colour : Colour.values()) {
                awaitHealth(scene, colour);
            }
        } catch (IOException e) {
            scene.find("a target could not be started again: " + e.getMessage());
        }
    }

    /** As the router sees it, asked past the wire. */
    private static void awaitHealth(Scene scene, Colour colour) {
        LocalConfig proxy =
                (LocalConfig) scene.place().stage().config().traffic().router();
        TrafficRouter router = new ProxyRouter(proxy);
        for (int look = 0; look < LOOKS; look++) {
            if (isHealthy(router, colour)) {
                return;
            }
            Scene.pause(PAUSE_MS);
        }
        scene.find(colour + " does not come back");
    }

    private static boolean isHealthy(TrafficRouter router, Colour colour) {
        try {
            return router.health(colour).healthy() > 0;
        } catch (PitstopException e) {
            return false;
        }
    }

    private static void awaitEntrance(Scene scene) {
        InetSocketAddress entrance = new InetSocketAddress(
                InetAddress.getLoopbackAddress(), scene.place().stage().router().getPort());
        for (int look = 0; look < LOOKS; look++) {
            try (Socket user = new Socket()) {
                user.connect(entrance, PATIENCE_MS);
                return;
            } catch (IOException e) {
                Scene.pause(PAUSE_MS);
            }
        }
        scene.find("the proxy does not come back");
    }
}
