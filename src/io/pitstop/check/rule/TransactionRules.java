package io.pitstop.check.rule;

import io.pitstop.check.grammar.Statement;
import io.pitstop.check.schema.Name;
import io.pitstop.check.script.Transactional;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a script does to the transaction that it runs in, and to whom it keeps waiting by it. */
final class TransactionRules {
    private static final Set<String> TIMEOUTS = Set.of(
            "lock_timeout",
            "statement_timeout",
            "idle_in_transaction_session_timeout",
            "transaction_timeout",
            "deadlock_timeout");
    private static final Set<String> SLOW = Set.of("IndexStmt", "RefreshMatViewStmt");
    /** Each needs a statement or a transaction of its own. */
    private static final Set<String> ALONE =
            Set.of("AT_ValidateConstraint", "AT_AttachPartition", "AT_DetachPartition");

    private TransactionRules() {}

    static List<Rule> all() {
        return List.of(
                CONTROL,
                TIMEOUT,
                TIMEOUT_CONCURRENTLY,
                CONCURRENTLY,
                MIXED,
                SEVERAL_WITHOUT,
                SLOW_AFTER_LOCK,
                DATA_BEFORE,
                SEVERAL_TABLES,
                SEVERAL_ALTERS,
                LOCK);
    }

    private static final Rule CONTROL = Rule.error("transaction-control")
            .because(
                    "Each script runs in a transaction that Pitstop begins and ends; what ends it in between leaves half a"
                            + " script behind when the rest fails.")
            .unsafe("BEGIN;\nALTER TABLE posts ADD COLUMN slug text;\nCOMMIT;")
            .instead("ALTER TABLE posts ADD COLUMN slug text;")
            .inStatement((scene, hits) -> {
                if (scene.kind().equals("TransactionStmt")) {
                    hits.add();
                }
            });

    private static final Rule TIMEOUT = Rule.warning("script-sets-timeout")
            .because(
                    "Pitstop asks for locks for two thousandths of a second at a time; the script replaces that by a limit of"
                            + " its own, for which everybody may have to wait.")
            .unsafe("SET lock_timeout = '5s';\nALTER TABLE posts ADD COLUMN slug text;")
            .instead("ALTER TABLE posts ADD COLUMN slug text;")
            .inStatement((scene, hits) -> {
                if (setsTimeout(scene.statement()) && !runsConcurrently(scene)) {
                    hits.add();
                }
            });

    private static final Rule TIMEOUT_CONCURRENTLY = Rule.error("timeout-before-concurrently")
            .because(
                    "An index that is built or dropped CONCURRENTLY waits for every old snapshot; a timeout cuts it off and"
                            + " leaves an invalid index, which may go on refusing writes.")
            .unsafe(
                    """
                    -- db/migration/V2__index.sql.conf
                    executeInTransaction=false
                    -- db/migration/V2__index.sql
                    SET lock_timeout = '1s';
                    CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_slug ON posts (slug);""")
            .instead("CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_slug ON posts (slug);")
            .inStatement((scene, hits) -> {
                if (setsTimeout(scene.statement()) && runsConcurrently(scene)) {
                    hits.add();
                }
            });

    private static final Rule CONCURRENTLY = Rule.error("concurrently-in-transaction")
            .because("PostgreSQL refuses the statement in a transaction, and the script runs in one.")
            .unsafe("REINDEX INDEX CONCURRENTLY posts_slug;")
            .instead(
                    """
                    -- db/migration/V2__reindex.sql.conf: this file beside the script says so
                    executeInTransaction=false
                    -- db/migration/V2__reindex.sql
                    REINDEX INDEX CONCURRENTLY posts_slug;""")
            .unless("Flyway knows by itself: CREATE and DROP INDEX CONCURRENTLY, VACUUM, REINDEX SCHEMA and the like.")
            .inStatement((scene, hits) -> {
                boolean inTransaction =
                        scene.script().isInTransaction() || scene.statement().inBlock();
                if (Transactional.isRefused(scene.statement()) && inTransaction) {
                    hits.add();
                }
            });

    private static final Rule MIXED = Rule.error("mixed-script")
            .because(
                    "Flyway refuses a script in which one statement must run without a transaction and another with one.")
            .unsafe(
                    """
                    ALTER TABLE posts ADD COLUMN slug text;
                    CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_slug ON posts (slug);""")
            .instead(
                    """
                    -- db/migration/V2__slug.sql
                    ALTER TABLE posts ADD COLUMN slug text;
                    -- db/migration/V3__index_slug.sql
                    CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_slug ON posts (slug);""")
            .inScript((scene, hits) -> {
                if (scene.script().isMixed()) {
                    hits.add(scene.script().statements().get(0).line(), "");
                }
            });

    private static final Rule SEVERAL_WITHOUT = Rule.warning("several-without-transaction")
            .because(
                    "When one of the statements fails, those before it stay, and the next run begins with the first again.")
            .unsafe(
                    """
                    CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_slug ON posts (slug);
                    CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_day ON posts (day);""")
            .instead(
                    """
                    -- db/migration/V2__index_slug.sql
                    CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_slug ON posts (slug);
                    -- db/migration/V3__index_day.sql
                    CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_day ON posts (day);""")
            .inScript((scene, hits) -> {
                List<Statement> all = scene.script().statements();
                if (scene.script().isWithoutTransaction() && !scene.script().isMixed() && all.size() > 1) {
                    hits.add(all.get(1).line(), "");
                }
            });

    private static final Rule SLOW_AFTER_LOCK = Rule.error("slow-after-lock")
            .because(
                    "A statement before this one has locked a table in use, and everybody waits for it until this one is done"
                            + " too.")
            .unsafe(
                    """
                    ALTER TABLE posts ADD COLUMN slug text;
                    INSERT INTO slugs (post_id, slug) SELECT id, title FROM posts;""")
            .instead(
                    """
                    -- db/migration/V2__slug.sql
                    ALTER TABLE posts ADD COLUMN slug text;
                    -- db/backfill/B1__slugs.sql
                    -- backfill: table=posts key=id
                    -- remaining: SELECT count(*) FROM posts WHERE NOT EXISTS (SELECT FROM slugs WHERE post_id = posts.id)
                    INSERT INTO slugs (post_id, slug) SELECT id, title FROM posts WHERE id BETWEEN :from AND :to
                        ON CONFLICT DO NOTHING;""")
            .inStatement((scene, hits) -> {
                if (scene.script().isInTransaction()
                        && isSlow(scene, scene.statement())
                        && !lockedBefore(scene).isEmpty()) {
                    hits.add();
                }
            });

    private static final Rule DATA_BEFORE = Rule.warning("data-before-schema")
            .because(
                    "The rows that the script has changed stay locked while this statement waits for the table, and are"
                            + " changed anew at every try.")
            .unsafe(
                    """
                    -- db/contract/V2.1__status.sql
                    DELETE FROM posts WHERE status = 'draft';
                    ALTER TABLE posts DROP COLUMN status;""")
            .instead(
                    """
                    -- db/contract/V2.1__status.sql: the data by a backfill of its own, before
                    ALTER TABLE posts DROP COLUMN status;""")
            .inStatement((scene, hits) -> {
                boolean changed = scene.before().stream().anyMatch(each -> writesMany(scene, each));
                if (scene.script().isInTransaction()
                        && changed
                        && !inUse(scene, scene.statement()).isEmpty()) {
                    hits.add();
                }
            });

    private static final Rule SEVERAL_TABLES = Rule.warning("locks-several-tables")
            .because("The script keeps one table in use locked while it waits for another, and may deadlock with the"
                    + " application, which takes them in its own order.")
            .unsafe(
                    """
                    ALTER TABLE posts ADD COLUMN slug text;
                    ALTER TABLE authors ADD COLUMN slug text;""")
            .instead(
                    """
                    -- db/migration/V2__posts_slug.sql
                    ALTER TABLE posts ADD COLUMN slug text;
                    -- db/migration/V3__authors_slug.sql
                    ALTER TABLE authors ADD COLUMN slug text;""")
            .unless("one statement needs both, as a foreign key does, or a new table points to others.")
            .inStatement((scene, hits) -> {
                // A new table that points to others is made in no time, and its locks with it.
                Set<Name> before = new HashSet<>();
                scene.before().stream()
                        .filter(each -> !each.kind().equals("CreateStmt"))
                        .forEach(each -> before.addAll(inUse(scene, each)));
                Set<Name> here = new HashSet<>(inUse(scene, scene.statement()));
                here.removeAll(before);
                if (scene.kind().equals("CreateStmt")) {
                    return;
                }
                if (scene.script().isInTransaction() && !before.isEmpty() && !here.isEmpty()) {
                    hits.add("Here it is " + here.iterator().next() + ".");
                }
            });

    private static final Rule SEVERAL_ALTERS = Rule.warning("several-alters")
            .because("One statement can do both and goes through the table and its lock once.")
            .unsafe("ALTER TABLE posts ADD COLUMN slug text;\nALTER TABLE posts ADD COLUMN day date;")
            .instead("ALTER TABLE posts ADD COLUMN slug text, ADD COLUMN day date;")
            .unless("PostgreSQL wants them apart, as for VALIDATE CONSTRAINT and partitions.")
            .inStatement((scene, hits) -> {
                if (scene.before().isEmpty() || !isPlainAlter(scene.statement())) {
                    return;
                }
                Statement last = scene.before().get(scene.before().size() - 1);
                Name table = Name.of(scene.node().child("relation"));
                if (isPlainAlter(last)
                        && Name.of(last.node().child("relation")).equals(table)
                        && scene.isInUse(table)) {
                    hits.add();
                }
            });

    private static final Rule LOCK = Rule.warning("lock-table")
            .because(
                    "Pitstop asks for the lock that each statement needs, without making others wait; the script takes one"
                            + " for as long as it runs.")
            .unsafe("LOCK TABLE posts IN SHARE ROW EXCLUSIVE MODE;\nALTER TABLE posts ADD COLUMN slug text;")
            .instead("ALTER TABLE posts ADD COLUMN slug text;")
            .inStatement((scene, hits) -> {
                if (scene.kind().equals("LockStmt")) {
                    hits.add();
                }
            });

    private static boolean setsTimeout(Statement statement) {
        boolean set = statement.kind().equals("VariableSetStmt")
                && TIMEOUTS.contains(statement.node().text("name"));
        return set
                || statement.kind().equals("SelectStmt")
                        && statement
                                .node()
                                .all("FuncCall")
                                .filter(call -> call.names("funcname").contains("set_config"))
                                .anyMatch(call -> TIMEOUTS.contains(
                                        call.children("args").get(0).name()));
    }

    private static boolean runsConcurrently(Scene scene) {
        return scene.script().statements().stream()
                .anyMatch(each -> Set.of("IndexStmt", "DropStmt", "ReindexStmt").contains(each.kind())
                        && Transactional.isRefused(each));
    }

    private static Set<Name> lockedBefore(Scene scene) {
        Set<Name> locked = new HashSet<>();
        scene.before().forEach(each -> locked.addAll(inUse(scene, each)));
        return locked;
    }

    private static Set<Name> inUse(Scene scene, Statement statement) {
        Set<Name> locked = new HashSet<>(Locks.of(statement, scene.schema()));
        locked.removeIf(table -> !scene.isInUse(table));
        return locked;
    }

    private static boolean isSlow(Scene scene, Statement statement) {
        boolean validates = Scene.alterations(statement)
                .anyMatch(alteration -> alteration.subtype().equals("AT_ValidateConstraint"));
        boolean builds = SLOW.contains(statement.kind())
                && !statement.node().flag("concurrent")
                && scene.isInUse(Name.of(statement.node().child("relation")));
        return validates
                || builds
                || writesMany(scene, statement)
                || Rows.copied(statement).stream().anyMatch(scene::isInUse);
    }

    private static boolean writesMany(Scene scene, Statement statement) {
        return Rows.written(statement).filter(scene::isInUse).isPresent() && !Rows.isBounded(statement, scene.schema());
    }

    private static boolean isPlainAlter(Statement statement) {
        return statement.kind().equals("AlterTableStmt")
                && Scene.alterations(statement).findAny().isPresent()
                && Scene.alterations(statement).noneMatch(alteration -> ALONE.contains(alteration.subtype()));
    }
}
