package io.pitstop.jtf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The data folder of a root module, as terraform init leaves it. */
class BackendTest {
    @TempDir
    private Path data;

    @Test
    void before_the_first_init_there_is_none() {
        assertThat(Backend.in(data)).isEmpty();
    }

    @Test
    void a_file_is_locked_and_of_one_machine() throws IOException {
        assertThat(after("{\"type\": \"local\", \"config\": {\"path\": \"blue.tfstate\"}}"))
                .isEqualTo(new Backend("local", true))
                .satisfies(local -> assertThat(local.isOfOneMachine()).isTrue());
    }

    @Test
    void a_bucket_is_locked_only_if_it_was_told_to() throws IOException {
        assertThat(after("{\"type\": \"s3\", \"config\": {\"bucket\": \"b\", \"use_lockfile\": null}}"))
                .isEqualTo(new Backend("s3", false));
        assertThat(after("{\"type\": \"s3\", \"config\": {\"bucket\": \"b\", \"use_lockfile\": true}}"))
                .isEqualTo(new Backend("s3", true));
        assertThat(after("{\"type\": \"s3\", \"config\": {\"bucket\": \"b\", \"dynamodb_table\": \"locks\"}}"))
                .isEqualTo(new Backend("s3", true));
    }

    private Backend after(String backend) throws IOException {
        Files.writeString(data.resolve("terraform.tfstate"), "{\"version\": 3, \"backend\": " + backend + "}");
        return Backend.in(data).orElseThrow();
    }
}
