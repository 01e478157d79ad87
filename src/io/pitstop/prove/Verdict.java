package io.pitstop.prove;

import io.pitstop.demo.witness.Testimony;
import io.pitstop.prove.check.JournalCheck;
import io.pitstop.prove.check.LeftoverCheck;
import io.pitstop.prove.check.SecretCheck;
import io.pitstop.prove.check.Shape;
import io.pitstop.prove.check.UsersCheck;
import io.pitstop.prove.place.Node;
import io.pitstop.prove.place.Place;
import io.pitstop.release.Colour;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All that is asked of a release that has ended. */
final class Verdict {
    private static final int SHOWN = 3;

    /** Far more than lockTimeout allows, so that a busy machine is no finding; a statement that waits without end is one. */
    private static final long LONGEST_WAIT_MS = 1_000;

    private Verdict() {}

    /**
     * @param killedOn the node on which an agent was killed: what it had open there, a later run on that node removes
     * @param undisturbed what the schema has to come to
     */
    static List<String> of(
            Place place, Testimony testimony, RunLog log, Optional<Node> killedOn, Optional<Shape> undisturbed) {
        List<String> wrong = new ArrayList<>(users(testimony));
        place.longestWait()
                .filter(wait -> wait.millis() > LONGEST_WAIT_MS)
                .ifPresent(wait -> wrong.add("users waited for a lock: " + wait));
        wrong.addAll(UsersCheck.gone(Colour.BLUE, place.stage()));
        SecretCheck secrets = new SecretCheck(secrets(place));
        try (Connection session = place.session()) {
            wrong.addAll(JournalCheck.of(session));
            wrong.addAll(LeftoverCheck.of(session));
            wrong.addAll(secrets.in(session));
            if (undisturbed.isPresent()) {
                wrong.addAll(Shape.of(session).differences(undisturbed.get()));
            }
        } catch (SQLException e) {
            wrong.add("the database cannot be asked: " + e.getMessage());
        }
        wrong.addAll(secrets.in("the commands", log.lines()));
        wrong.addAll(secrets.in(place.stage().folder().resolve(".pitstop")));
        wrong.addAll(secrets.in(place.terraform().questions()));
        for (Node node : place.nodes()) {
            wrong.addAll(secrets.in(node.folder()));
            if (!killedOn.equals(Optional.of(node))) {
                wrong.addAll(LeftoverCheck.of(node.folder(), node.folder().resolve("tmp")));
            }
        }
        return wrong;
    }

    /** Requests that failed while the fault lasted, if it is one that nobody can keep from users. */
    static long excused(Testimony testimony) {
        return testimony.phases().stream()
                .filter(phase -> phase.name().equals(Striker.FAULT))
                .mapToLong(Testimony.Phase::failed)
                .sum();
    }

    private static List<String> users(Testimony testimony) {
        List<String> wrong = new ArrayList<>();
        long failed = testimony.failed() - excused(testimony);
        if (failed > 0) {
            wrong.add(failed + " requests failed: "
                    + testimony.failures().stream()
                            .filter(failure -> !failure.phase().equals(Striker.FAULT))
                            .limit(SHOWN)
                            .toList());
        }
        if (testimony.lost() > 0 || testimony.altered() > 0) {
            wrong.add(testimony.lost() + " writes lost, " + testimony.altered() + " altered: "
                    + testimony.findings().stream().limit(SHOWN).toList());
        }
        return wrong;
    }

    private static List<String> secrets(Place place) {
        Path token = place.stage().folder().resolve("run/blog-proxy/token");
        try {
            return List.of(
                    place.stage().environment().get("PITSTOP_DB_PASSWORD"),
                    Files.readString(token).strip());
        } catch (IOException e) {
            throw new UncheckedIOException("the router's token cannot be read", e);
        }
    }
}
