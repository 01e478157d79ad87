package io.pitstop.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A step whose parameters name credentials of Jenkins. */
class CredentialsTest {
    @TempDir
    Path folder;

    private FakeNode node;
    private CpsWorld jenkins;

    static List<String> steps() {
        return StepReference.commandSteps().toList();
    }

    @BeforeEach
    void aNode() throws IOException {
        node = new FakeNode(folder);
    }

    @ParameterizedTest
    @MethodSource("steps")
    void the_agent_alone_gets_the_user_and_the_password_of_the_database(String step) throws Throwable {
        run(step + "(credentialsId: 'blog-db')");

        assertThat(node.calls()).hasSize(1);
        assertThat(node.calls().get(0)).doesNotContain("blog-db");
        assertThat(node.environments().get(0))
                .containsEntry("PITSTOP_DB_USER", "blog")
                .containsEntry("PITSTOP_DB_PASSWORD", "s3cret");
        assertThat(jenkins.made().stream()
                        .filter(one -> one.within().contains("withCredentials"))
                        .map(one -> one.call().name()))
                .containsExactly("sh");
    }

    @Test
    void a_binding_names_what_the_plugins_know() throws Throwable {
        run(
                "deployGreen(credentialsId: 'blog-db', awsCredentialsId: \"${'deployer'}\", awsRole: 'arn:aws:iam::1:role/blog')");

        assertThat(jenkins.made("withCredentials"))
                .singleElement()
                .extracting(one -> one.call().argument())
                .isEqualTo(List.of(
                        Map.of(
                                "$class", "UsernamePasswordMultiBinding",
                                "credentialsId", "blog-db",
                                "usernameVariable", "PITSTOP_DB_USER",
                                "passwordVariable", "PITSTOP_DB_PASSWORD"),
                        Map.of(
                                "$class", "AmazonWebServicesCredentialsBinding",
                                "credentialsId", "deployer",
                                "accessKeyVariable", "AWS_ACCESS_KEY_ID",
                                "secretKeyVariable", "AWS_SECRET_ACCESS_KEY",
                                "roleArn", "arn:aws:iam::1:role/blog")));
        assertThat(node.environments().get(0)).containsEntry("AWS_ACCESS_KEY_ID", "AKIA-of-deployer");
        assertThat(node.calls()).containsExactly(List.of("deploy-green"));
    }

    @Test
    void without_a_name_nothing_is_bound_and_the_pipelines_own_credentials_hold() throws Throwable {
        run("backfill(credentialsId: null)");
        assertThat(jenkins.made("withCredentials")).isEmpty();

        run("withCredentials([usernamePassword(credentialsId: 'x', usernameVariable: 'PITSTOP_DB_USER',"
                + " passwordVariable: 'PITSTOP_DB_PASSWORD')]) { backfill() }");
        assertThat(node.databaseUsers()).containsExactly("", "blog");
    }

    @Test
    void a_role_without_credentials_is_refused() throws IOException {
        assertThatThrownBy(() -> run("deployGreen(awsRole: 'arn:aws:iam::1:role/blog')"))
                .isInstanceOf(BuildFailed.class)
                .hasMessageContaining("awsRole needs awsCredentialsId");
        assertThat(node.calls()).isEmpty();
    }

    @Test
    void nobody_holds_the_credentials_while_waiting_to_try_again() throws Throwable {
        node.answers("{\"message\": \"Terraform failed.\", \"hint\": \"Again.\"}", 5);

        assertThatThrownBy(() -> run("deployGreen(credentialsId: 'blog-db', retries: 1)"))
                .isInstanceOf(BuildFailed.class);

        assertThat(jenkins.made("sleep")).singleElement().matches(one -> !one.within()
                .contains("withCredentials"));
        assertThat(node.databaseUsers()).containsExactly("blog", "blog");
    }

    @ParameterizedTest
    @MethodSource("steps")
    void no_secret_is_in_the_parameters_of_any_step_nor_in_the_log(String step) throws Throwable {
        run(step + "(credentialsId: 'blog-db', awsCredentialsId: 'deployer')");

        assertThat(jenkins.made().toString()).doesNotContain("s3cret").doesNotContain("AKIA");
        assertThat(node.log()).doesNotContain("s3cret").doesNotContain("AKIA");
    }

    private void run(String body) throws Throwable {
        jenkins = node.serve(new CpsWorld("node {\n" + body + "\n}"));
        jenkins.run();
    }
}
