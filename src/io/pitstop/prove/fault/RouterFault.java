package io.pitstop.prove.fault;

import io.pitstop.prove.place.LocalProcess;
import io.pitstop.prove.wire.Passage;
import io.pitstop.prove.wire.Side;
import io.pitstop.release.Colour;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Set;

/** The router fails the agent, or a target fails the router. */
enum RouterFault implements Fault {
    REFUSES("router refuses"),
    SILENT("router hangs up"),
    LATE("router answers late"),
    ANSWER_LOST("router's answer lost"),
    RESTARTED("router crashes and restarts"),
    TARGET_DIES("target dies during the bake");

    private static final int LATE_MS = 2_500;
    private static final int LOOKS = 600;
    private static final int PAUSE_MS = 50;

    private final String words;

    RouterFault(String words) {
        this.words = words;
    }

    @Override
    public Family family() {
        return Family.ROUTER;
    }

    @Override
    public String title() {
        return words;
    }

    @Override
    public boolean meets(String command, String action, Side side) {
        boolean before = action.startsWith("router") && side == Side.BEFORE;
        return switch (this) {
            case REFUSES, SILENT, LATE, RESTARTED -> before;
            case ANSWER_LOST -> action.startsWith("router") && side == Side.AFTER;
            case TARGET_DIES -> command.equals("switch-traffic")
                    && action.equals("router PUT /split")
                    && side == Side.AFTER;
        };
    }

    @Override
    public Passage strike(Scene scene) {
        return switch (this) {
            case REFUSES -> Passage.REFUSE;
            case SILENT, ANSWER_LOST -> Passage.CUT;
            case LATE -> {
                Scene.pause(LATE_MS);
                yield Passage.GO;
            }
            case RESTARTED -> {
                scene.beside(() -> restart(scene));
                Scene.pause(scene.random().nextInt(200));
                yield Passage.GO;
            }
            case TARGET_DIES -> {
                LocalProcess.of(scene.place().stage(), "blog-" + Colour.GREEN).kill();
                yield Passage.GO;
            }
        };
    }

    @Override
    public void end(Scene scene) {
        scene.settle();
    }

    @Override
    public Set<Integer> exits() {
        return switch (this) {
            case REFUSES, SILENT, LATE, ANSWER_LOST -> Set.of(0, 5);
            case RESTARTED -> Set.of(0, 4, 5, 6);
            case TARGET_DIES -> Set.of(4, 5);
        };
    }

    @Override
    public List<String> mended() {
        return this == TARGET_DIES ? List.of("deploy-green", "smoke-test") : List.of();
    }

    @Override
    public boolean hurtsUsers() {
        return this == RESTARTED || this == TARGET_DIES;
    }

    private static void awaitEntrance(Scene scene) {
        int port = scene.place().stage().router().getPort();
        for (int look = 0; look < LOOKS; look++) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException e) {
                Scene.pause(PAUSE_MS);
            }
        }
        scene.find("the proxy does not come back");
    }

    private static void restart(Scene scene) {
        LocalProcess proxy = LocalProcess.of(scene.place().stage(), "blog-proxy");
        try {
            proxy.restart();
            awaitEntrance(scene);
        } catch (IOException e) {
            scene.find("the proxy could not be started again: " + e.getMessage());
        }
    }
}
