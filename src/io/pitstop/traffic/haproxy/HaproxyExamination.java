package io.pitstop.traffic.haproxy;

import io.pitstop.config.HaproxyConfig;
import io.pitstop.error.PitstopException;
import io.pitstop.release.Colour;
import io.pitstop.traffic.Observation;
import io.pitstop.traffic.Split;
import io.pitstop.traffic.haproxy.HaproxyBackend.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Looks at all that a switch by HAProxy needs: backend, servers, what the socket lets us do, the state file. Changes nothing. */
public final class HaproxyExamination {
    private final HaproxyConfig config;
    private final HaproxyView view;

    public HaproxyExamination(HaproxyConfig config) {
        this.config = config;
        this.view = new HaproxyView(config);
    }

    /** All observations, the good ones too; what cannot be asked is a bad one. */
    public List<Observation> observe() {
        List<Observation> all = new ArrayList<>();
        all.add(look("backend", this::backend));
        if (all.get(0).good()) {
            all.add(look("permission", this::permission));
            for (Colour colour : Colour.values()) {
                all.add(look(colour + " server", () -> server(colour)));
            }
        }
        all.add(stateFile());
        return all;
    }

    private Observation backend() {
        Split split = view.split(view.weights());
        return Observation.good("backend", view + " serves " + split);
    }

    private Observation permission() {
        String level = view.level();
        return level.equals("admin")
                ? Observation.good("permission", "the socket has level admin")
                : Observation.bad(
                        "permission",
                        "the socket has level '" + level + "', which may not move weights",
                        "Let the socket have level admin in haproxy.cfg.");
    }

    private Observation server(Colour colour) {
        String what = colour + " server";
        Server server = view.server(colour);
        if (server.backup()) {
            return Observation.bad(
                    what,
                    "server " + server.name() + " is a backup, which gets users only while no other server is up",
                    "Take backup out of the line of server " + server.name() + ".");
        }
        if (!server.isChecked()) {
            return Observation.bad(
                    what,
                    "nobody checks server " + server.name() + ", so that it counts as unhealthy",
                    "Add check to the line of server " + server.name() + ".");
        }
        return Observation.good(
                what,
                "server " + server.name() + " is checked, " + server.status()
                        + (server.cookie().isEmpty() ? "" : ", and cookie " + server.cookie() + " keeps users on it"));
    }

    private Observation stateFile() {
        String what = "state file";
        if (config.stateFile().isEmpty()) {
            return Observation.good(
                    what,
                    "none is named: who reloads HAProxy has to keep the state, or users go by the weights of haproxy.cfg");
        }
        Path file = Path.of(config.stateFile().get());
        Path folder = file.toAbsolutePath().getParent();
        if (!Files.isDirectory(folder) || !Files.isWritable(folder)) {
            return Observation.bad(
                    what,
                    file + " cannot be replaced: " + folder + " is not there, or not to be written",
                    "Let the agent run where HAProxy reads it, and write to " + folder + ".");
        }
        if (Files.notExists(file)) {
            return Observation.good(what, file + " is not there yet; the first shift makes it");
        }
        try {
            return Files.readString(file).startsWith("1\n")
                    ? Observation.good(what, file + " holds the state of the servers")
                    : Observation.bad(
                            what,
                            file + " does not hold the state of servers",
                            "Name the file of server-state-file as traffic.haproxy.stateFile.");
        } catch (IOException e) {
            return Observation.bad(
                    what, file + " cannot be read: " + e.getMessage(), "Let the agent read and write " + file + ".");
        }
    }

    private static Observation look(String what, Supplier<Observation> question) {
        try {
            return question.get();
        } catch (PitstopException e) {
            return Observation.bad(what, e.getMessage(), e.hint());
        }
    }
}
