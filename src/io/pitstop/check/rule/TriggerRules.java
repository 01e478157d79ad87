package io.pitstop.check.rule;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.grammar.Statement;
import io.pitstop.check.schema.Column;
import io.pitstop.check.schema.Name;
import io.pitstop.check.schema.Replay;
import io.pitstop.check.schema.Routine;
import io.pitstop.check.schema.Trigger;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Triggers, which keep the two versions in step. */
final class TriggerRules {
    private static final String GUARD = "pitstop.backfill";
    private static final Pattern ASSIGNMENT = Pattern.compile(
            "(?is)(?:;|\\b(?:BEGIN|THEN|ELSE|LOOP|INTO)\\b|,)\\s*(?:--[^\\n]*\\n\\s*)*NEW\\s*\\.\\s*\\w+\\s*(?::?=|,|FROM\\b)");
    private static final Pattern UPDATE = Pattern.compile("(?i)\\bUPDATE\\b");

    private TriggerRules() {}

    static List<Rule> all() {
        return List.of(UNGUARDED, EVERY_UPDATE, APART, ORDER, DROP, DISABLE);
    }

    private static final Rule UNGUARDED = Rule.error("unguarded-dual-write")
            .because(
                    "The backfill fires the trigger for every row, which writes the old columns anew from the new ones and"
                            + " may lose what these do not hold.")
            .unsafe(
                    """
                    -- db/migration/V2__names.sql
                    ALTER TABLE users ADD COLUMN first_name text, ADD COLUMN last_name text;
                    CREATE FUNCTION users_names() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        NEW.name := NEW.first_name || ' ' || NEW.last_name;
                        RETURN NEW;
                    END $$;
                    CREATE TRIGGER zz_users_names BEFORE UPDATE OF name, first_name, last_name ON users
                        FOR EACH ROW EXECUTE FUNCTION users_names();
                    -- db/backfill/B1__names.sql
                    -- backfill: table=users key=id
                    -- remaining: SELECT count(*) FROM users WHERE last_name IS NULL
                    UPDATE users SET last_name = name WHERE id BETWEEN :from AND :to AND last_name IS NULL;""")
            .instead(
                    """
                    -- db/migration/V2__names.sql
                    ALTER TABLE users ADD COLUMN first_name text, ADD COLUMN last_name text;
                    CREATE FUNCTION users_names() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        NEW.name := NEW.first_name || ' ' || NEW.last_name;
                        RETURN NEW;
                    END $$;
                    CREATE TRIGGER zz_users_names BEFORE UPDATE OF name, first_name, last_name ON users
                        FOR EACH ROW WHEN (current_setting('pitstop.backfill', true) IS DISTINCT FROM 'on')
                        EXECUTE FUNCTION users_names();
                    -- db/backfill/B1__names.sql
                    -- backfill: table=users key=id
                    -- remaining: SELECT count(*) FROM users WHERE last_name IS NULL
                    UPDATE users SET last_name = name WHERE id BETWEEN :from AND :to AND last_name IS NULL;""")
            .unless("the condition of the trigger or the body of its function asks for pitstop.backfill.")
            .inStatement((scene, hits) -> created(scene)
                    .filter(trigger -> trigger.row() && trigger.onUpdate() && Backfills.update(scene, trigger.table()))
                    .filter(trigger -> assigns(scene, trigger) && !isGuarded(scene, trigger))
                    .ifPresent(trigger -> hits.add()));

    private static final Rule EVERY_UPDATE = Rule.warning("trigger-on-every-update")
            .because(
                    "The trigger is called for every row that the backfill updates, whatever column it fills, which takes a"
                            + " third of its speed.")
            .unsafe(
                    """
                    -- db/migration/V2__log.sql
                    ALTER TABLE posts ADD COLUMN slug text;
                    CREATE TRIGGER zz_posts_slug BEFORE UPDATE ON posts FOR EACH ROW
                        WHEN (current_setting('pitstop.backfill', true) IS DISTINCT FROM 'on')
                        EXECUTE FUNCTION posts_slug();
                    -- db/backfill/B1__slug.sql
                    -- backfill: table=posts key=id
                    -- remaining: SELECT count(*) FROM posts WHERE slug IS NULL
                    UPDATE posts SET slug = title WHERE id BETWEEN :from AND :to AND slug IS NULL;""")
            .instead(
                    """
                    -- db/migration/V2__log.sql
                    ALTER TABLE posts ADD COLUMN slug text;
                    CREATE TRIGGER zz_posts_slug BEFORE UPDATE OF title, slug ON posts FOR EACH ROW
                        WHEN (current_setting('pitstop.backfill', true) IS DISTINCT FROM 'on')
                        EXECUTE FUNCTION posts_slug();
                    -- db/backfill/B1__slug.sql
                    -- backfill: table=posts key=id
                    -- remaining: SELECT count(*) FROM posts WHERE slug IS NULL
                    UPDATE posts SET slug = title WHERE id BETWEEN :from AND :to AND slug IS NULL;""")
            .inStatement((scene, hits) -> created(scene)
                    .filter(trigger -> trigger.row()
                            && trigger.onUpdate()
                            && trigger.columns().isEmpty())
                    .filter(trigger -> Backfills.update(scene, trigger.table()))
                    .ifPresent(trigger -> hits.add()));

    private static final Rule APART = Rule.warning("trigger-apart-from-column")
            .because(
                    "What is written after the column came and before the trigger did misses the trigger, and nobody ever"
                            + " notices.")
            .unsafe(
                    """
                    -- db/migration/V2__slug.sql
                    ALTER TABLE posts ADD COLUMN slug text;
                    -- db/migration/V3__slug_trigger.sql
                    CREATE TRIGGER zz_posts_slug BEFORE INSERT OR UPDATE OF title, slug ON posts FOR EACH ROW
                        EXECUTE FUNCTION posts_slug();""")
            .instead(
                    """
                    -- db/migration/V2__slug.sql: one transaction
                    ALTER TABLE posts ADD COLUMN slug text;
                    CREATE TRIGGER zz_posts_slug BEFORE INSERT OR UPDATE OF title, slug ON posts FOR EACH ROW
                        EXECUTE FUNCTION posts_slug();""")
            .inStatement((scene, hits) -> created(scene)
                    .filter(trigger -> scene.isInUse(trigger.table()))
                    .filter(trigger ->
                            trigger.columns().stream().anyMatch(column -> isFromAnotherScript(scene, trigger, column)))
                    .ifPresent(trigger -> hits.add()));

    private static final Rule ORDER = Rule.warning("trigger-order")
            .because(
                    "Triggers run in the order of their names: this one runs before another that may still change the row.")
            .unsafe(
                    """
                    -- db/migration/V1__clean.sql
                    CREATE TRIGGER clean_title BEFORE INSERT OR UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION clean();
                    -- db/migration/V2__slug.sql
                    CREATE TRIGGER a_slug BEFORE INSERT OR UPDATE OF title ON posts FOR EACH ROW EXECUTE FUNCTION slug();""")
            .instead(
                    """
                    -- db/migration/V1__clean.sql
                    CREATE TRIGGER clean_title BEFORE INSERT OR UPDATE ON posts FOR EACH ROW EXECUTE FUNCTION clean();
                    -- db/migration/V2__slug.sql: zz_ comes last
                    CREATE TRIGGER zz_slug BEFORE INSERT OR UPDATE OF title ON posts FOR EACH ROW EXECUTE FUNCTION slug();""")
            .inStatement((scene, hits) -> created(scene)
                    .filter(trigger -> trigger.row() && trigger.before())
                    .flatMap(trigger -> scene.schema().triggersOf(trigger.table()).stream()
                            .filter(other -> other.row() && other.before())
                            .filter(other -> other.name().compareTo(trigger.name()) > 0)
                            .findFirst())
                    .ifPresent(other -> hits.add("Here it is " + other.name() + ".")));

    private static final Rule DROP = Rule.warning("drop-trigger-too-early")
            .because("The version that serves users may rely on the trigger: what it writes from now on misses it.")
            .unsafe("DROP TRIGGER zz_posts_slug ON posts;")
            .instead(
                    """
                    -- db/contract/V2.1__drop_posts_slug.sql
                    DROP TRIGGER zz_posts_slug ON posts;""")
            .unless("the same script creates it anew, or the release created it.")
            .inStatement(TriggerRules::dropped);

    private static final Rule DISABLE = Rule.error("disable-trigger")
            .because(
                    "Writes of the running versions are no longer kept in step, and foreign keys no longer checked, as long"
                            + " as it lasts.")
            .unsafe("ALTER TABLE posts DISABLE TRIGGER ALL;")
            .instead(
                    """
                    -- db/migration/V2__guard.sql: ask in the trigger itself who writes
                    CREATE OR REPLACE FUNCTION posts_slug() RETURNS trigger LANGUAGE plpgsql AS $$
                    BEGIN
                        IF current_setting('pitstop.backfill', true) IS DISTINCT FROM 'on' THEN
                            NEW.slug := lower(NEW.title);
                        END IF;
                        RETURN NEW;
                    END $$;""")
            .inStatement((scene, hits) -> scene.alterations(
                            "AT_DisableTrig", "AT_DisableTrigAll", "AT_DisableTrigUser", "AT_DisableRule")
                    .forEach(disable -> hits.add(disable.command())));

    private static Optional<Trigger> created(Scene scene) {
        return scene.kind().equals("CreateTrigStmt")
                ? Optional.of(Trigger.of(scene.node(), scene.script()))
                : Optional.empty();
    }

    private static boolean isGuarded(Scene scene, Trigger trigger) {
        return trigger.condition().mentions(GUARD) || body(scene, trigger).contains(GUARD);
    }

    /** True if the function changes the row that is written; an unknown function may. */
    private static boolean assigns(Scene scene, Trigger trigger) {
        String body = body(scene, trigger);
        return trigger.before() && (body.isEmpty() || ASSIGNMENT.matcher(body).find())
                || UPDATE.matcher(body).find();
    }

    private static String body(Scene scene, Trigger trigger) {
        return scene.schema().routine(trigger.function()).map(Routine::body).orElse("");
    }

    private static boolean isFromAnotherScript(Scene scene, Trigger trigger, String column) {
        return scene.schema()
                .column(trigger.table(), column)
                .map(Column::addedBy)
                .filter(creator -> !creator.equals(scene.script()))
                .filter(creator -> scene.pending().isSameRelease(creator, scene.script()))
                .isPresent();
    }

    private static void dropped(Scene scene, Hits hits) {
        Node node = scene.node();
        if (!node.text("removeType").equals("OBJECT_TRIGGER") || !scene.phase().isOldVersionAlive()) {
            return;
        }
        List<String> names = Replay.names(node.children("objects").get(0));
        String name = names.get(names.size() - 1);
        Name table = Name.of(names.subList(0, names.size() - 1));
        List<Statement> all = scene.script().statements();
        boolean again = all.stream()
                .skip(Math.max(0, all.indexOf(scene.statement())))
                .anyMatch(each -> Set.of("CreateTrigStmt").contains(each.kind())
                        && each.node().text("trigname").equals(name));
        boolean own = scene.schema().triggersOf(table).stream()
                .filter(trigger -> trigger.name().equals(name))
                .anyMatch(trigger -> scene.pending().isSameRelease(trigger.createdBy(), scene.script()));
        if (scene.isInUse(table) && !again && !own) {
            hits.add();
        }
    }
}
