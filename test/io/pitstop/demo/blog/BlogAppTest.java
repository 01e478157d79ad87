package io.pitstop.demo.blog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pitstop.database.TestDatabase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The expanded schema, on which both versions run. */
class BlogAppTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Draft HELLO = new Draft("Hello", "First post", "Ada", "ada@example.org");
    private static final Draft EDITED = new Draft("Hello again", "Edited", "Grace", "grace@example.org");

    private final TestDatabase database = TestDatabase.create();
    private final BlogSchema schema = new BlogSchema(database).version1().expand();
    private final HttpClient client = HttpClient.newHttpClient();
    private BlogApp app;

    @AfterEach
    void stop() {
        if (app != null) {
            app.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void posts_are_created_edited_read_and_listed(String version) throws Exception {
        start(version);

        Post created = post(send("POST", "/posts", HELLO), 201);
        assertThat(created.draft()).isEqualTo(HELLO);
        assertThat(post(get("/posts/" + created.id()), 200)).isEqualTo(created);

        Post edited = post(send("PUT", "/posts/" + created.id(), EDITED), 200);
        assertThat(edited).isEqualTo(Post.of(created.id(), EDITED));
        assertThat(list("/authors/grace@example.org/posts?limit=5")).containsExactly(edited);
        assertThat(list("/authors/ada@example.org/posts")).isEmpty();
    }

    @Test
    void each_version_reads_what_the_other_wrote() throws Exception {
        start("1");
        Post byOne = post(send("POST", "/posts", HELLO), 201);
        app.close();
        start("2");
        assertThat(post(get("/posts/" + byOne.id()), 200)).isEqualTo(byOne);
        Post byTwo = post(send("PUT", "/posts/" + byOne.id(), EDITED), 200);
        app.close();
        start("1");
        assertThat(post(get("/posts/" + byTwo.id()), 200)).isEqualTo(byTwo);
    }

    @Test
    void version_2_runs_on_the_contracted_schema() throws Exception {
        schema.backfill().finish().contract();
        start("2");

        Post created = post(send("POST", "/posts", HELLO), 201);

        assertThat(post(get("/posts/" + created.id()), 200)).isEqualTo(created);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2"})
    void every_answer_says_which_colour_and_version_gave_it(String version) throws Exception {
        start(version);

        for (String path : List.of("/health", "/version", "/posts/1", "/nowhere")) {
            HttpResponse<String> answer = get(path);
            assertThat(answer.headers().firstValue("X-Colour")).hasValue("green");
            assertThat(answer.headers().firstValue("X-Version")).hasValue(version);
        }
        assertThat(get("/health").statusCode()).isEqualTo(200);
        assertThat(get("/version").body()).contains("\"version\":\"" + version + "\"");
    }

    @Test
    void what_is_not_there_and_what_is_not_a_post_is_said_by_the_status() throws Exception {
        start("2");

        assertThat(get("/posts/999").statusCode()).isEqualTo(404);
        assertThat(send("PUT", "/posts/999", HELLO).statusCode()).isEqualTo(404);
        assertThat(get("/posts/first").statusCode()).isEqualTo(400);
        assertThat(send("POST", "/posts", Map.of("title", "only")).statusCode()).isEqualTo(400);
        assertThat(get("/authors/ada@example.org/posts?limit=0").statusCode()).isEqualTo(400);
    }

    @Test
    void its_sessions_carry_its_colour() throws Exception {
        start("1");
        get("/health");

        assertThat(database.query("SELECT count(*) > 0 FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND application_name = 'blog-green'"))
                .isEqualTo("t");
    }

    @Test
    void settings_name_what_is_missing_and_keep_the_password() {
        assertThatThrownBy(() -> BlogApp.start(Map.of("PORT", "0"))).hasMessageContaining("COLOUR");
        assertThat(new BlogSettings(1, "blue", "1", "url", "blog", "s3cret").toString())
                .doesNotContain("s3cret");
    }

    private void start(String version) {
        app = BlogApp.start(environment(database, "green", version));
    }

    static Map<String, String> environment(TestDatabase database, String colour, String version) {
        return Map.of(
                "PORT",
                "0",
                "COLOUR",
                colour,
                "APP_VERSION",
                version,
                "BLOG_DB_URL",
                database.url(),
                "BLOG_DB_USER",
                database.environment().get("PITSTOP_DB_USER"),
                "BLOG_DB_PASSWORD",
                database.environment().get("PITSTOP_DB_PASSWORD"));
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private HttpResponse<String> send(String method, String path, Object body)
            throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(uri(path))
                .method(method, BodyPublishers.ofString(JSON.writeValueAsString(body)))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private static Post post(HttpResponse<String> answer, int status) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        return JSON.readValue(answer.body(), Post.class);
    }

    private List<Post> list(String path) throws IOException, InterruptedException {
        return JSON.readValue(get(path).body(), new TypeReference<>() {});
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + app.port() + path);
    }
}
