package io.pitstop.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.aws.Moto;
import io.pitstop.aws.TestAws;
import io.pitstop.cli.AgentProcess.Ended;
import io.pitstop.demo.DemoDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The agent as a process, with a database that wants a password, which AWS keeps. */
class StoredPasswordTest {
    @TempDir
    private static Path shared;

    private static Moto moto;
    private static DemoDatabase database;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() {
        moto = Moto.start();
        database = DemoDatabase.start(
                shared.resolve("postgres"), Path.of("target/postgres").toAbsolutePath());
        secret("both", "{\"username\":\"%s\",\"password\":\"%s\"}".formatted(database.user(), database.password()));
        secret("plain", database.password());
        secret("wrong", "wrong-horse-battery");
    }

    @AfterAll
    static void stop() {
        if (moto != null) {
            moto.close();
        }
        if (database != null) {
            database.close();
        }
    }

    @Test
    void user_and_password_come_from_the_secret() throws Exception {
        Ended ended = run("secretsManager: both", Map.of(), "status");

        assertThat(ended.output()).contains("No release yet").doesNotContain(database.password());
        assertThat(ended.exitCode()).isZero();
    }

    @Test
    void a_password_alone_needs_a_user_by_its_variable() throws Exception {
        Ended without = run("secretsManager: plain", Map.of(), "status");
        assertThat(without.exitCode()).isEqualTo(2);
        assertThat(without.output()).contains("PITSTOP_DB_USER").doesNotContain(database.password());

        Ended with = run("secretsManager: plain", Map.of("PITSTOP_DB_USER", database.user()), "status");
        assertThat(with.output()).contains("No release yet");
    }

    @Test
    void the_variables_win_and_then_aws_is_not_asked() throws Exception {
        Map<String, String> variables =
                Map.of("PITSTOP_DB_USER", database.user(), "PITSTOP_DB_PASSWORD", database.password());

        assertThat(run("ssm: /not/there", variables, "status").output()).contains("No release yet");
    }

    @Test
    void a_password_that_the_database_refuses_is_not_shown() throws Exception {
        Ended ended = run("secretsManager: wrong", Map.of("PITSTOP_DB_USER", database.user()), "status");

        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.output())
                .contains("password authentication failed", "database.credentials")
                .doesNotContain("wrong-horse-battery");
    }

    @Test
    void a_plan_shows_where_the_password_is_and_not_what_it_is() throws Exception {
        Ended ended = run("secretsManager: both", Map.of(), "plan");

        assertThat(ended.output())
                .containsPattern("database.credentials.secretsManager +both")
                .doesNotContain(database.password());
    }

    private Ended run(String credentials, Map<String, String> variables, String command)
            throws IOException, InterruptedException {
        Files.writeString(
                folder.resolve("pitstop.yml"),
                """
                application: blog
                database: { url: "%s", credentials: { %s } }
                environments: { terraform: none, health: { path: /health } }
                traffic: { local: { admin: "http://127.0.0.1:1", tokenFile: token } }
                """
                        .formatted(database.url(), credentials));
        Files.writeString(folder.resolve("token"), "none");
        Map<String, String> environment = new HashMap<>(variables);
        environment.put("AWS_ENDPOINT_URL", moto.address().toString());
        environment.put("AWS_REGION", "eu-west-1");
        environment.put("AWS_ACCESS_KEY_ID", "test");
        environment.put("AWS_SECRET_ACCESS_KEY", "test");
        return new AgentProcess(folder, environment).run(command);
    }

    private static void secret(String name, String text) {
        TestAws.at(moto.address()).secrets().createSecret(secret -> secret.name(name)
                .secretString(text));
    }
}
