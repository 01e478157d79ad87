package io.pitstop.check.rule;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.schema.Index;
import io.pitstop.check.schema.Name;
import io.pitstop.check.schema.Table;
import io.pitstop.check.schema.Type;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Columns that come, change or go. */
final class ColumnRules {
    private ColumnRules() {}

    static List<Rule> all() {
        return List.of(
                DROP_COLUMN,
                DROP_COLUMN_WITH_INDEX,
                RENAME_COLUMN,
                ADD_COLUMN_NOT_NULL,
                VOLATILE_DEFAULT,
                IDENTITY,
                STORED,
                CONSTRAINED_DOMAIN,
                SET_NOT_NULL,
                DROP_NOT_NULL,
                CHANGE_DEFAULT);
    }

    private static final Rule DROP_COLUMN = Rule.error("drop-column")
            .because(
                    "The version that serves users still names the column, so its statements fail from this moment on.")
            .unsafe("ALTER TABLE posts DROP COLUMN author_name;")
            .instead(
                    """
                    -- db/contract/V2.1__drop_author_name.sql
                    ALTER TABLE posts DROP COLUMN author_name;""")
            .unless("the column was added by the same release, or in contract, when nobody uses it any more.")
            .inStatement((scene, hits) -> scene.alterations("AT_DropColumn").stream()
                    .filter(drop -> scene.phase().isOldVersionAlive())
                    .filter(drop -> scene.isInUse(drop.table(), drop.name()))
                    .forEach(drop -> hits.add(drop.command())));

    private static final Rule DROP_COLUMN_WITH_INDEX = Rule.warning("drop-column-with-index")
            .because(
                    "The column takes every index with it that it is a part of, and queries by the other columns of such"
                            + " an index become slow at once.")
            .unsafe(
                    """
                    -- db/migration/V1__posts.sql
                    CREATE TABLE posts (id bigint PRIMARY KEY, author_id bigint, author_name text);
                    CREATE INDEX posts_author ON posts (author_id, author_name);
                    -- db/contract/V2.1__drop_author_name.sql
                    ALTER TABLE posts DROP COLUMN author_name;""")
            .instead(
                    """
                    -- db/migration/V1__posts.sql
                    CREATE TABLE posts (id bigint PRIMARY KEY, author_id bigint, author_name text);
                    CREATE INDEX posts_author ON posts (author_id, author_name);
                    -- db/contract/V2.1__index_posts_author_id.sql
                    CREATE INDEX CONCURRENTLY IF NOT EXISTS posts_author_id ON posts (author_id);
                    -- db/contract/V2.2__drop_posts_author.sql
                    DROP INDEX CONCURRENTLY posts_author;
                    -- db/contract/V2.3__drop_author_name.sql
                    ALTER TABLE posts DROP COLUMN author_name;""")
            .unless("all columns of the index go with the same statement.")
            .inStatement(ColumnRules::dropWithIndex);

    private static final Rule RENAME_COLUMN = Rule.error("rename-column")
            .because("One of the two versions does not know the name that the column has, so its statements fail.")
            .unsafe("ALTER TABLE posts RENAME COLUMN author TO author_name;")
            .instead(
                    """
                    -- db/migration/V2__author_name.sql: a new column, kept in step by a trigger
                    ALTER TABLE posts ADD COLUMN author_name text;
                    -- db/backfill/B1__author_name.sql
                    -- backfill: table=posts key=id
                    -- remaining: SELECT count(*) FROM posts WHERE author_name IS NULL
                    UPDATE posts SET author_name = author WHERE id BETWEEN :from AND :to AND author_name IS NULL;
                    -- db/contract/V2.1__drop_author.sql
                    ALTER TABLE posts DROP COLUMN author;""")
            .unless("the column or its table was added by the same release.")
            .inStatement(ColumnRules::rename);

    private static final Rule ADD_COLUMN_NOT_NULL = Rule.error("add-column-not-null")
            .because(
                    "It fails on a table with rows, and on an empty one every insert of the old version, which does not"
                            + " know the column, fails.")
            .unsafe("ALTER TABLE posts ADD COLUMN author_id bigint NOT NULL;")
            .instead(
                    """
                    -- db/migration/V2__author_id.sql
                    ALTER TABLE posts ADD COLUMN author_id bigint;
                    -- db/finish/V2.1__author_id_present.sql: after the backfill
                    ALTER TABLE posts ADD CONSTRAINT author_id_present CHECK (author_id IS NOT NULL) NOT VALID;
                    -- db/finish/V2.2__validate_author_id_present.sql
                    ALTER TABLE posts VALIDATE CONSTRAINT author_id_present;
                    -- db/finish/V2.3__author_id_not_null.sql
                    ALTER TABLE posts ALTER COLUMN author_id SET NOT NULL;""")
            .unless("the column has a default.")
            .inStatement((scene, hits) -> scene.alterations("AT_AddColumn").stream()
                    .filter(add -> add.columnConstraints("CONSTR_NOTNULL", "CONSTR_PRIMARY")
                            .findAny()
                            .isPresent())
                    .filter(add -> add.columnConstraints("CONSTR_DEFAULT", "CONSTR_IDENTITY", "CONSTR_GENERATED")
                            .findAny()
                            .isEmpty())
                    .filter(add -> !Type.isSerial(add.definition().child("typeName")))
                    .forEach(add -> hits.add(add.definition())));

    private static final Rule VOLATILE_DEFAULT = Rule.error("add-column-volatile-default")
            .because("Each row gets a value of its own, so the whole table is written anew while nobody can read it.")
            .unsafe("ALTER TABLE posts ADD COLUMN token uuid DEFAULT gen_random_uuid();")
            .instead(
                    """
                    -- db/migration/V2__token.sql: new rows get a value at once, old rows by the backfill
                    ALTER TABLE posts ADD COLUMN token uuid, ALTER COLUMN token SET DEFAULT gen_random_uuid();
                    -- db/backfill/B1__token.sql
                    -- backfill: table=posts key=id
                    -- remaining: SELECT count(*) FROM posts WHERE token IS NULL
                    UPDATE posts SET token = gen_random_uuid() WHERE id BETWEEN :from AND :to AND token IS NULL;""")
            .unless("the default is a constant or the same for all rows, as now() is: such a column is added at once.")
            .inStatement((scene, hits) -> scene.alterations("AT_AddColumn").forEach(add -> add.columnDefault()
                    .flatMap(value -> Volatility.of(value, scene.schema()))
                    .ifPresent(why -> hits.add(add.definition(), why))));

    private static final Rule IDENTITY = Rule.error("add-column-identity")
            .because("Each row gets a number of its own, so the whole table is written anew while nobody can read it.")
            .unsafe("ALTER TABLE posts ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY;")
            .instead(
                    """
                    -- db/migration/V2__number.sql: new rows get a number at once, old rows by the backfill
                    CREATE SEQUENCE posts_number;
                    ALTER TABLE posts ADD COLUMN number bigint, ALTER COLUMN number SET DEFAULT nextval('posts_number');
                    -- db/backfill/B1__number.sql
                    -- backfill: table=posts key=id
                    -- remaining: SELECT count(*) FROM posts WHERE number IS NULL
                    UPDATE posts SET number = nextval('posts_number') WHERE id BETWEEN :from AND :to AND number IS NULL;""")
            .inStatement((scene, hits) -> scene.alterations("AT_AddColumn").stream()
                    .filter(add -> Type.isSerial(add.definition().child("typeName"))
                            || add.columnConstraints("CONSTR_IDENTITY")
                                    .findAny()
                                    .isPresent())
                    .forEach(add -> hits.add(add.definition())));

    private static final Rule STORED = Rule.error("add-column-stored")
            .because(
                    "A stored column is computed for each row, so the whole table is written anew while nobody can read"
                            + " it.")
            .unsafe("ALTER TABLE posts ADD COLUMN words int GENERATED ALWAYS AS (length(content)) STORED;")
            .instead(
                    """
                    -- db/migration/V2__words.sql: a plain column; a trigger fills it for new rows, the backfill for old
                    ALTER TABLE posts ADD COLUMN words int;
                    -- or, from PostgreSQL 18 on, one that is computed when it is read:
                    -- ALTER TABLE posts ADD COLUMN words int GENERATED ALWAYS AS (length(content)) VIRTUAL;""")
            .inStatement((scene, hits) -> scene.alterations("AT_AddColumn").forEach(add -> add.columnConstraints(
                            "CONSTR_GENERATED")
                    .filter(generated -> generated.text("generated_kind").equals("s"))
                    .forEach(generated -> hits.add(add.definition()))));

    private static final Rule CONSTRAINED_DOMAIN = Rule.error("add-column-constrained-domain")
            .because("The domain has a constraint, so the whole table is written anew while nobody can read it.")
            .unsafe(
                    """
                    CREATE DOMAIN price AS numeric CHECK (VALUE >= 0);
                    ALTER TABLE posts ADD COLUMN price price;""")
            .instead(
                    """
                    -- db/migration/V2__price.sql
                    ALTER TABLE posts ADD COLUMN price numeric;
                    -- db/migration/V3__price_check.sql
                    ALTER TABLE posts ADD CONSTRAINT price_positive CHECK (price >= 0) NOT VALID;
                    -- db/migration/V4__validate_price_check.sql
                    ALTER TABLE posts VALIDATE CONSTRAINT price_positive;""")
            .unless("no script of the repository creates the domain: then nobody can tell.")
            .inStatement((scene, hits) -> scene.alterations("AT_AddColumn").stream()
                    .filter(add -> scene.schema()
                            .isConstrainedDomain(
                                    Type.of(add.definition().child("typeName")).name()))
                    .forEach(add -> hits.add(add.definition())));

    private static final Rule SET_NOT_NULL = Rule.error("set-not-null")
            .because("PostgreSQL reads the whole table while nobody else can read or write it.")
            .unsafe("ALTER TABLE posts ALTER COLUMN author_id SET NOT NULL;")
            .instead(
                    """
                    -- db/finish/V2.1__author_id_present.sql: three scripts, three transactions
                    ALTER TABLE posts ADD CONSTRAINT author_id_present CHECK (author_id IS NOT NULL) NOT VALID;
                    -- db/finish/V2.2__validate_author_id_present.sql: reads the table while reads and writes go on
                    ALTER TABLE posts VALIDATE CONSTRAINT author_id_present;
                    -- db/finish/V2.3__author_id_not_null.sql: at once, since the constraint proves it
                    ALTER TABLE posts ALTER COLUMN author_id SET NOT NULL;
                    -- db/finish/V2.4__drop_author_id_present.sql
                    ALTER TABLE posts DROP CONSTRAINT author_id_present;""")
            .unless("a validated constraint proves it already.")
            .inStatement((scene, hits) -> {
                scene.alterations("AT_SetNotNull").stream()
                        .filter(set -> !isProven(scene, set.table(), set.name()))
                        .forEach(set -> hits.add(set.command()));
                scene.alterations("AT_AddConstraint").stream()
                        .filter(add -> add.definition().text("contype").equals("CONSTR_NOTNULL"))
                        .filter(add -> !add.definition().flag("skip_validation"))
                        .forEach(add -> hits.add(add.definition()));
            });

    private static final Rule DROP_NOT_NULL = Rule.warning("drop-not-null")
            .because(
                    "The version that serves users never had to expect an empty value here and may fail on the first one"
                            + " that the new version writes.")
            .unsafe("ALTER TABLE posts ALTER COLUMN author_name DROP NOT NULL;")
            .instead(
                    """
                    -- db/contract/V2.1__author_name_optional.sql: when no version is left that relies on it
                    ALTER TABLE posts ALTER COLUMN author_name DROP NOT NULL;""")
            .unless("the column was added by the same release.")
            .inStatement((scene, hits) -> scene.alterations("AT_DropNotNull").stream()
                    .filter(drop -> scene.phase().isOldVersionAlive())
                    .filter(drop -> scene.isInUse(drop.table(), drop.name()))
                    .forEach(drop -> hits.add(drop.command())));

    private static final Rule CHANGE_DEFAULT = Rule.warning("change-default")
            .because("The version that serves users leaves the column to its default and means the old one.")
            .unsafe("ALTER TABLE posts ALTER COLUMN status SET DEFAULT 'draft';")
            .instead(
                    """
                    -- db/contract/V2.1__status_default.sql: until then let the new version write the value itself
                    ALTER TABLE posts ALTER COLUMN status SET DEFAULT 'draft';""")
            .unless("the column was added by the same release.")
            .inStatement((scene, hits) -> scene.alterations("AT_ColumnDefault").stream()
                    .filter(change -> scene.phase().isOldVersionAlive())
                    .filter(change -> scene.isInUse(change.table(), change.name()))
                    .forEach(change -> hits.add(change.command())));

    private static void dropWithIndex(Scene scene, Hits hits) {
        List<Alteration> drops = scene.alterations("AT_DropColumn");
        Set<String> gone = new HashSet<>(drops.stream().map(Alteration::name).toList());
        for (Alteration drop : drops) {
            for (Index index : scene.schema().indexesOf(drop.table())) {
                if (index.keys().contains(drop.name()) && !gone.containsAll(index.keys())) {
                    hits.add(drop.command(), "Here it is " + index.name() + ".");
                }
            }
        }
    }

    private static void rename(Scene scene, Hits hits) {
        Node node = scene.node();
        if (scene.kind().equals("RenameStmt")
                && node.text("renameType").equals("OBJECT_COLUMN")
                && node.text("relationType").equals("OBJECT_TABLE")) {
            Name table = Name.of(node.child("relation"));
            if (scene.isInUse(table) && scene.isInUse(table, node.text("subname"))) {
                hits.add();
            }
        }
    }

    private static boolean isProven(Scene scene, Name table, String column) {
        return scene.schema()
                .table(table)
                .filter((Table found) -> found.isProvenNotNull(column))
                .isPresent();
    }
}
