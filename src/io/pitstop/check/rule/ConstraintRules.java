package io.pitstop.check.rule;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.schema.Index;
import io.pitstop.check.schema.Name;
import io.pitstop.check.schema.Table;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Constraints of tables and domains, but for foreign keys. */
final class ConstraintRules {
    private ConstraintRules() {}

    static List<Rule> all() {
        return List.of(ADD_CHECK, ADD_UNIQUE, NULLABLE_KEY, EXCLUSION, DOMAIN, VALIDATE_AT_ONCE);
    }

    private static final Rule ADD_CHECK = Rule.error("add-check")
            .because("PostgreSQL reads the whole table while nobody else can read or write it.")
            .unsafe("ALTER TABLE posts ADD CONSTRAINT likes_positive CHECK (likes >= 0);")
            .instead(
                    """
                    -- db/finish/V2.1__likes_positive.sql: binds new rows at once
                    ALTER TABLE posts ADD CONSTRAINT likes_positive CHECK (likes >= 0) NOT VALID;
                    -- db/finish/V2.2__validate_likes_positive.sql: reads the table while reads and writes go on
                    ALTER TABLE posts VALIDATE CONSTRAINT likes_positive;""")
            .inStatement((scene, hits) -> {
                scene.alterations("AT_AddConstraint").stream()
                        .map(Alteration::definition)
                        .filter(constraint -> constraint.text("contype").equals("CONSTR_CHECK"))
                        .filter(constraint -> !constraint.flag("skip_validation"))
                        .forEach(hits::add);
                scene.alterations("AT_AddColumn").stream()
                        .flatMap(add -> add.columnConstraints("CONSTR_CHECK"))
                        .forEach(hits::add);
            });

    private static final Rule ADD_UNIQUE = Rule.error("add-unique")
            .because(
                    "PostgreSQL builds the index while nobody else can read or write the table, and fails at its end if"
                            + " there are duplicates.")
            .unsafe("ALTER TABLE authors ADD CONSTRAINT authors_email UNIQUE (email);")
            .instead(
                    """
                    -- db/finish/V2.1__authors_email_index.sql; first see that this finds nothing:
                    -- SELECT email, count(*) FROM authors GROUP BY email HAVING count(*) > 1
                    CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS authors_email ON authors (email);
                    -- db/finish/V2.2__authors_email.sql: takes the index over, at once
                    ALTER TABLE authors ADD CONSTRAINT authors_email UNIQUE USING INDEX authors_email;""")
            .inStatement((scene, hits) -> {
                scene.alterations("AT_AddConstraint").stream()
                        .map(Alteration::definition)
                        .filter(ConstraintRules::isKey)
                        .filter(constraint -> constraint.text("indexname").isEmpty())
                        .forEach(hits::add);
                scene.alterations("AT_AddColumn").stream()
                        .flatMap(add -> add.columnConstraints("CONSTR_UNIQUE", "CONSTR_PRIMARY"))
                        .forEach(hits::add);
            });

    private static final Rule NULLABLE_KEY = Rule.warning("primary-key-nullable")
            .because(
                    "A primary key makes its columns NOT NULL, for which PostgreSQL reads the whole table while nobody else"
                            + " can read or write it.")
            .unsafe(
                    """
                    -- db/migration/V1__authors.sql
                    CREATE TABLE authors (id bigint, name text);
                    -- db/finish/V2.1__authors_id.sql
                    CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS authors_id ON authors (id);
                    -- db/finish/V2.2__authors_key.sql
                    ALTER TABLE authors ADD PRIMARY KEY USING INDEX authors_id;""")
            .instead(
                    """
                    -- db/migration/V1__authors.sql
                    CREATE TABLE authors (id bigint, name text);
                    -- db/finish/V2.1__authors_id.sql
                    CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS authors_id ON authors (id);
                    -- db/finish/V2.2__authors_id_present.sql
                    ALTER TABLE authors ADD CONSTRAINT authors_id_present CHECK (id IS NOT NULL) NOT VALID;
                    -- db/finish/V2.3__validate_authors_id_present.sql
                    ALTER TABLE authors VALIDATE CONSTRAINT authors_id_present;
                    -- db/finish/V2.4__authors_id_not_null.sql: at once, since the constraint proves it
                    ALTER TABLE authors ALTER COLUMN id SET NOT NULL;
                    -- db/finish/V2.5__authors_key.sql
                    ALTER TABLE authors ADD PRIMARY KEY USING INDEX authors_id;""")
            .unless("the scripts of the repository do not tell which columns the index has.")
            .inStatement(ConstraintRules::nullableKey);

    private static final Rule EXCLUSION = Rule.error("exclusion-constraint")
            .because(
                    "PostgreSQL builds its index while nobody else can read or write the table, and there is no other way"
                            + " to add one to it.")
            .unsafe("ALTER TABLE bookings ADD CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&);")
            .instead(
                    """
                    -- db/migration/V2__bookings.sql: a new table with it, kept in step by a trigger, then a backfill
                    CREATE TABLE room_bookings (
                        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, during tstzrange NOT NULL,
                        CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&));""")
            .inStatement((scene, hits) -> scene.alterations("AT_AddConstraint").stream()
                    .map(Alteration::definition)
                    .filter(constraint -> constraint.text("contype").equals("CONSTR_EXCLUSION"))
                    .forEach(hits::add));

    private static final Rule DOMAIN = Rule.error("domain-constraint")
            .because("PostgreSQL reads every table with a column of the domain, while nobody can write to any of them.")
            .unsafe("ALTER DOMAIN email ADD CONSTRAINT email_form CHECK (VALUE LIKE '%@%');")
            .instead(
                    """
                    -- db/finish/V2.1__email_form.sql: locks no table
                    ALTER DOMAIN email ADD CONSTRAINT email_form CHECK (VALUE LIKE '%@%') NOT VALID;""")
            .unless("the domain was created by the same release.")
            .inStatement((scene, hits) -> {
                Node node = scene.node();
                boolean adds = Set.of("C", "O").contains(node.text("subtype"));
                if (scene.kind().equals("AlterDomainStmt")
                        && adds
                        && !node.child("def").flag("skip_validation")
                        && scene.isObjectInUse(Name.of(node.names("typeName")))) {
                    hits.add();
                }
            });

    private static final Rule VALIDATE_AT_ONCE = Rule.error("validate-in-same-transaction")
            .because("The lock by which the constraint was added is kept until the commit, so everybody waits while the"
                    + " whole table is read.")
            .unsafe(
                    """
                    ALTER TABLE posts ADD CONSTRAINT likes_positive CHECK (likes >= 0) NOT VALID;
                    ALTER TABLE posts VALIDATE CONSTRAINT likes_positive;""")
            .instead(
                    """
                    -- db/finish/V2.1__likes_positive.sql
                    ALTER TABLE posts ADD CONSTRAINT likes_positive CHECK (likes >= 0) NOT VALID;
                    -- db/finish/V2.2__validate_likes_positive.sql
                    ALTER TABLE posts VALIDATE CONSTRAINT likes_positive;""")
            .inStatement((scene, hits) -> scene.alterations("AT_ValidateConstraint").stream()
                    .filter(validate -> scene.script().isInTransaction() && addsBefore(scene, validate))
                    .forEach(validate -> hits.add(validate.command())));

    private static boolean isKey(Node constraint) {
        return Set.of("CONSTR_UNIQUE", "CONSTR_PRIMARY").contains(constraint.text("contype"));
    }

    private static void nullableKey(Scene scene, Hits hits) {
        for (Alteration add : scene.alterations("AT_AddConstraint")) {
            Node constraint = add.definition();
            if (!constraint.text("contype").equals("CONSTR_PRIMARY")) {
                continue;
            }
            List<String> columns = scene.schema()
                    .index(add.table().sibling(constraint.text("indexname")))
                    .map(Index::keys)
                    .orElse(List.of());
            Table table = scene.schema().table(add.table()).orElse(null);
            columns.stream()
                    .filter(column -> table != null && !table.isProvenNotNull(column))
                    .findFirst()
                    .ifPresent(column -> hits.add(constraint, "Here it is " + column + "."));
        }
    }

    private static boolean addsBefore(Scene scene, Alteration validate) {
        Stream<Alteration> same = Scene.alterations(scene.statement());
        return Stream.concat(scene.before().stream().flatMap(Scene::alterations), same)
                .filter(alteration -> alteration.subtype().equals("AT_AddConstraint"))
                .filter(alteration -> alteration.table().equals(validate.table()))
                .anyMatch(add -> add.definition().text("conname").equals(validate.name()));
    }
}
