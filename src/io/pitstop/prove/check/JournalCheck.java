package io.pitstop.prove.check;

import io.pitstop.release.Fact;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The journal tells one story, without a gap and without a contradiction. */
public final class JournalCheck {
    private static final Set<Fact> AT_THE_END = Set.of(
            Fact.EXPANDED,
            Fact.DEPLOYED,
            Fact.BACKFILLED,
            Fact.SMOKE_TESTED,
            Fact.SWITCHED,
            Fact.CONTRACT_BEGUN,
            Fact.CONTRACTED);

    private JournalCheck() {}

    /** The journal of one release of version 2 that has been contracted. */
    public static List<String> of(Connection session) throws SQLException {
        List<String> wrong = new ArrayList<>();
        expect(
                wrong,
                "releases",
                List.of("blog-2-1 2 contracted"),
                Query.words(
                        session,
                        "SELECT id || ' ' || version || ' ' || coalesce(outcome, 'open')"
                                + " FROM pitstop.releases ORDER BY opened_at"));
        expect(
                wrong,
                "facts",
                AT_THE_END.stream().map(Fact::name).sorted().toList(),
                Query.words(session, "SELECT fact FROM pitstop.facts ORDER BY fact COLLATE \"C\""));
        expect(wrong, "leases", List.of(), Query.words(session, "SELECT step || ' of ' || person FROM pitstop.leases"));
        expect(wrong, "facts without an event", List.of(), unexplained(session));
        expect(
                wrong,
                "events of a holder after its successor's",
                List.of(),
                Query.words(
                        session,
                        "SELECT step || ': ' || event FROM (SELECT *, max(token) OVER"
                                + " (PARTITION BY release, step ORDER BY id) AS highest FROM pitstop.events) AS e"
                                + " WHERE token < highest"));
        expect(
                wrong,
                "events before the one that they follow",
                List.of(),
                Query.words(
                        session,
                        "SELECT event FROM (SELECT event, at, lag(at) OVER (PARTITION BY release, step,"
                                + " token ORDER BY id) AS before FROM pitstop.events) AS e WHERE at < before"));
        expect(wrong, "figures of users of another time", List.of(), misdated(session));
        expect(wrong, "actions of contract out of order", List.of(), disorder(session));
        return wrong;
    }

    /** A fact is written in one transaction with the event that tells of it. */
    private static List<String> unexplained(Connection session) throws SQLException {
        Set<String> told = Set.copyOf(Query.words(session, "SELECT DISTINCT event FROM pitstop.events"));
        return AT_THE_END.stream()
                .filter(fact -> !told.contains(fact.words()))
                .map(Fact::name)
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .toList();
    }

    /** Whatever clock a node has, what it saw happened before it noted it, and not long before. */
    private static List<String> misdated(Connection session) throws SQLException {
        return Query.words(
                session,
                "SELECT e.step || ' until ' || (s ->> 'until') FROM pitstop.events e,"
                        + " jsonb_array_elements(e.detail -> 'samples') AS s WHERE e.event = 'user figures'"
                        + " AND NOT ((s ->> 'from')::timestamptz <= (s ->> 'until')::timestamptz AND"
                        + " (s ->> 'until')::timestamptz BETWEEN e.at - interval '5 min' AND e.at + interval '2 s')");
    }

    /** Nothing irreversible before users have moved, and nothing at all after the end. */
    private static List<String> disorder(Connection session) throws SQLException {
        return Query.words(
                session,
                "SELECT e.event FROM pitstop.events e WHERE e.event = 'contract begun' AND NOT EXISTS"
                        + " (SELECT FROM pitstop.events s WHERE s.id < e.id AND s.event = 'switched')"
                        + " UNION ALL SELECT e.event FROM pitstop.events e WHERE e.step <> 'contract' AND e.id >"
                        + " (SELECT min(id) FROM pitstop.events WHERE event = 'contracted')");
    }

    private static void expect(List<String> wrong, String what, List<String> expected, List<String> found) {
        if (!expected.equals(found)) {
            wrong.add("journal: " + what + " are " + found + ", not " + expected);
        }
    }
}
