package io.pitstop.check.rule;

import io.pitstop.check.grammar.Node;
import io.pitstop.check.schema.Name;
import java.util.List;

/** Who may do what. */
final class AccessRules {
    private AccessRules() {}

    static List<Rule> all() {
        return List.of(ROW_SECURITY, OWNER, REVOKE, REPLICA_IDENTITY, EXTENSION);
    }

    private static final Rule ROW_SECURITY = Rule.warning("row-security")
            .because(
                    "From this moment on the running versions see and write only what a policy lets them, and without a"
                            + " policy nothing at all.")
            .unsafe("ALTER TABLE posts ENABLE ROW LEVEL SECURITY;")
            .instead(
                    """
                    -- db/migration/V2__posts_policy.sql: the policies first; they do nothing until they are enabled
                    CREATE POLICY posts_all ON posts TO blog USING (true);
                    -- db/contract/V2.1__posts_security.sql: allowed with the reason why every version can live with it
                    -- pitstop:allow row-security because posts_all lets the application see all rows
                    ALTER TABLE posts ENABLE ROW LEVEL SECURITY;""")
            .unless("the table was created by the same release.")
            .inStatement((scene, hits) -> scene.alterations("AT_EnableRowSecurity", "AT_ForceRowSecurity")
                    .forEach(change -> hits.add(change.command())));

    private static final Rule OWNER = Rule.warning("change-owner")
            .because("The old owner loses its rights at once, and Pitstop can go on only as the new one.")
            .unsafe("ALTER TABLE posts OWNER TO archive;")
            .instead("GRANT SELECT ON posts TO archive;")
            .unless("the table was created by the same release.")
            .inStatement((scene, hits) -> {
                scene.alterations("AT_ChangeOwner").forEach(change -> hits.add(change.command()));
                if (scene.kind().equals("ReassignOwnedStmt")) {
                    hits.add();
                }
            });

    private static final Rule REVOKE = Rule.warning("revoke")
            .because("Statements of the running versions that need the right fail from this moment on.")
            .unsafe("REVOKE INSERT ON posts FROM blog;")
            .instead(
                    """
                    -- db/contract/V2.1__posts_read_only.sql
                    REVOKE INSERT ON posts FROM blog;""")
            .unless("the table was created by the same release, or in contract.")
            .inStatement((scene, hits) -> {
                Node node = scene.node();
                boolean revokes =
                        List.of("GrantStmt", "GrantRoleStmt").contains(scene.kind()) && !node.flag("is_grant");
                boolean used = node.children("objects").stream()
                        .noneMatch(object -> object.is("RangeVar") && !scene.isInUse(Name.of(object)));
                if (revokes && used && scene.phase().isOldVersionAlive()) {
                    hits.add();
                }
            });

    private static final Rule REPLICA_IDENTITY = Rule.warning("replica-identity")
            .because(
                    "Logical replication of the table changes: with FULL each update carries the whole row, with NOTHING"
                            + " updates and deletes fail.")
            .unsafe("ALTER TABLE posts REPLICA IDENTITY FULL;")
            .instead(
                    """
                    CREATE TABLE tags (id bigint PRIMARY KEY, name text NOT NULL UNIQUE);
                    ALTER TABLE tags REPLICA IDENTITY USING INDEX tags_name_key;""")
            .unless("the table was created by the same release.")
            .inStatement((scene, hits) ->
                    scene.alterations("AT_ReplicaIdentity").forEach(change -> hits.add(change.command())));

    private static final Rule EXTENSION = Rule.warning("extension-update")
            .because(
                    "Functions and types of the extension may behave differently from this moment on, for every version,"
                            + " and there is no way back.")
            .unsafe("ALTER EXTENSION postgis UPDATE;")
            .instead(
                    """
                    -- a release of its own, tried on a copy of the database, and allowed with that as its reason:
                    -- pitstop:allow extension-update because tried on a copy of production with both versions
                    ALTER EXTENSION postgis UPDATE;""")
            .inStatement((scene, hits) -> {
                if (scene.kind().equals("AlterExtensionStmt")) {
                    hits.add();
                }
            });
}
