package io.pitstop.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.dialect.Dialects;
import io.pitstop.error.InvalidConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A pitstop.yml that holds what it must, and one change to it. */
class PitstopConfigTest {
    private static final String SMALLEST =
            """
            application: blog
            database:
              url: jdbc:postgresql://127.0.0.1:5432/blog
            environments:
              terraform: terraform/local/environment
              health: { path: /health }
            traffic:
              local: { admin: "http://127.0.0.1:9901", tokenFile: .pitstop/token }
            """;

    private static final String LOCAL = "local: { admin: \"http://127.0.0.1:9901\", tokenFile: .pitstop/token }";

    @TempDir
    private Path folder;

    @Test
    void what_is_left_out_has_a_default() {
        PitstopConfig config = load(SMALLEST);

        assertThat(config.database().lockTimeout()).isEqualTo(Duration.ofMillis(200));
        assertThat(config.traffic().shift().steps()).containsExactly(5, 25, 50, 100);
        assertThat(config.contract().after()).isEqualTo(Duration.ofHours(24));
        assertThat(config.approvals()).containsExactly(Approvable.CONTRACT);
        assertThat(config.migrations().expand()).isEqualTo(folder.resolve("db/migration"));
        assertThat(config.environments().idle()).isEqualTo(EnvironmentsConfig.Idle.KEEP);
    }

    @Test
    void everything_can_be_said() {
        PitstopConfig config = load(
                SMALLEST
                        + """
                  shift: { plan: linear, steps: [50, 100], bake: 90s }
                smoke:
                  - http: { path: /health, expect: 204, contains: ok }
                  - command: npx playwright test
                    within: 5m
                  - load: { path: /posts, rate: 100/s, for: 30s, p95: 250ms, p99: 1.5x, errors: 0.1% }
                gates:
                  - http: { path: /health }
                  - router: { errors: 0.5%, p95: 250ms, atLeast: 50 }
                contract: { after: 7d }
                check: { trial: require, schema: db/schema.sql, statements: db/live.json, roles: [blog] }
                approvals: [switch-traffic, contract]
                """);

        assertThat(config.traffic().shift().bake()).isEqualTo(Duration.ofSeconds(90));
        assertThat(config.smoke()).hasSize(3);
        assertThat(config.smoke().get(2)).isInstanceOfSatisfying(SmokeConfig.Load.class, load -> {
            assertThat(load.rate()).isEqualTo(100);
            assertThat(load.errors()).isEqualTo(0.001);
            assertThat(load.comparesWithLive()).isTrue();
        });
        assertThat(config.gates()).hasSize(2);
        assertThat(config.contract().after()).isEqualTo(Duration.ofDays(7));
        assertThat(config.check())
                .isEqualTo(new CheckConfig(
                        CheckConfig.Trial.REQUIRE,
                        Optional.of(folder.resolve("db/schema.sql")),
                        Optional.of(folder.resolve("db/live.json")),
                        List.of("blog")));
        assertThat(config.approvals()).containsExactly(Approvable.SWITCH_TRAFFIC, Approvable.CONTRACT);
    }

    @Test
    void no_step_at_all_need_be_approved_if_the_file_says_so() {
        assertThat(load(SMALLEST + "approvals: []\n").approvals()).isEmpty();
    }

    @Test
    void an_environment_variable_fills_a_value() {
        String yaml = SMALLEST.replace("127.0.0.1:5432", "${DB_HOST}");

        assertThat(load(yaml, Map.of("DB_HOST", "db.internal")).database().url())
                .isEqualTo("jdbc:postgresql://db.internal/blog");
        assertThatThrownBy(() -> load(yaml))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("pitstop.yml:3:")
                .hasMessageContaining("DB_HOST");
    }

    @Test
    void a_value_that_came_from_a_variable_is_shown_as_it_is_written() {
        String yaml = SMALLEST.replace(
                "  health:", "  variables: { db_password: \"${APP_SECRET}\", size: small }\n  health:");

        PitstopConfig config = load(yaml, Map.of("APP_SECRET", "geheim"));

        assertThat(config.environments().variables()).containsEntry("db_password", "geheim");
        assertThat(config.asWritten().at("environments.variables.db_password")).contains("${APP_SECRET}");
        assertThat(config.asWritten().at("environments.variables.size")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "blog, application",
        "/health, environments.health.path",
        "http://127.0.0.1:9901, traffic.local.admin",
    })
    void an_error_quotes_a_value_as_it_is_written(String right, String where) {
        String yaml = SMALLEST.replaceFirst("\"?" + right + "\"?", "\"\\${APP_SECRET}\"");

        assertThatThrownBy(() -> load(yaml, Map.of("APP_SECRET", "Geheim 7")))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining(where + " is '${APP_SECRET}'")
                .hasMessageNotContaining("Geheim");
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake("database:", "databse:", 1, "database is missing"),
                mistake("  url:", "  credentials: { ssm: a, secretsManager: b }\n  url:", 3, "exactly one key"),
                mistake("  url:", "  credentials: { vault: a }\n  url:", 3, "unknown key database.credentials.vault"),
                mistake("  url:", "  lockTimeOut: 1s\n  url:", 3, "unknown key database.lockTimeOut"),
                mistake("  url:", "  lockTimeout: 200 ms\n  url:", 3, "lockTimeout is '200 ms'"),
                mistake("  url:", "  lockTimeout: 200\n  url:", 3, "number with its unit"),
                mistake("  health: { path: /health }\n", "", 5, "a colour without a health check"),
                mistake("/health", "health", 6, "Begin it with a slash"),
                mistake("jdbc:postgresql:", "jdbc:mysql:", 3, "not a PostgreSQL URL"),
                mistake("application: blog", "application: Blog", 1, "application is 'Blog'"),
                mistake("local:", "lokal:", 8, "traffic.alb is missing, and any other router"),
                mistake("traffic:\n", "traffic:\n  alb: { listener: a }\n", 8, "alb is a second router beside local"),
                mistake("traffic:\n", "traffic:\n  health: { atLeast: 0 }\n", 8, "atLeast is '0'"),
                mistake("traffic:\n", "aws: { role: pitstop }\ntraffic:\n", 7, "aws.role is 'pitstop'"),
                mistake("traffic:\n", "traffic:\n  shift: { steps: [50, 20, 100] }\n", 8, "rising percentages"),
                mistake("traffic:\n", "traffic:\n  shift: { bake: 2 minutes }\n", 8, "bake is '2 minutes'"),
                mistake("traffic:\n", "smoke:\n  - htpp: { path: / }\ntraffic:\n", 8, "unknown key smoke[0].htpp"),
                mistake("traffic:\n", "gates:\n  - router: { errors: 5 }\ntraffic:\n", 8, "a percentage"),
                mistake("traffic:\n", "gates:\n  - router: { atLeast: 0 }\ntraffic:\n", 8, "no request says nothing"),
                mistake("traffic:\n", "gates:\n  - http: { path: health }\ntraffic:\n", 8, "path is 'health'"),
                mistake(LOCAL, "haproxy: { socket: run/s }", 8, "socket is 'run/s'"),
                mistake(LOCAL, "haproxy: { socket: /s, backend: \"a b\" }", 8, "backend is 'a b'"),
                mistake(LOCAL, "haproxy: { socket: /s, stateFile: state }", 8, "stateFile is 'state'"),
                mistake(LOCAL, "route53: { zone: Z1, record: a.example, type: MX }", 8, "type is 'MX'"),
                gate("prometheus: { url: \"http://p\", query: up }", "gates[0].prometheus.max is missing, and min"),
                gate("prometheus: { url: p, query: up, max: 1 }", "url is 'p'"),
                gate("prometheus: { url: \"http://a:b@p\", query: up, max: 1 }", "url is '"),
                gate("prometheus: { url: \"http://p\", query: up, max: high }", "max is 'high'"),
                gate("prometheus: { url: \"http://p\", query: up, max: 1, atLeast: 3 }", "counts the samples"),
                gate(
                        "prometheus: { url: \"http://p\", query: up, max: 1, tokenVariable: s3cret }",
                        "environment variable"),
                gate("database: { figure: waits, max: 1 }", "figure is 'waits'"),
                gate("cloudwatch: { alarm: a, max: 1 }", "unknown key gates[0].cloudwatch.max"),
                gate("cloudwatch: { namespace: n, max: 1 }", "gates[0].cloudwatch.metric is missing"),
                gate(
                        "cloudwatch: { namespace: n, metric: m, max: 1, colours: { blue: { G: b } } }",
                        "colours.green is missing"),
                gate("cloudwatch: { namespace: n, metric: m }", "Add max or min"),
                gate("cloudwatch: { namespace: n, metric: m, max: 1, missing: zero }", "a misspelt dimension"),
                gate("cloudwatch: { namespace: n, metrics: { A: m }, expression: A, max: 1 }", "has the id 'A'"),
                mistake("traffic:\n", "smoke:\n  - command: a\n    within: 0s\ntraffic:\n", 9, "within is '0s'"),
                mistake("traffic:\n", "smoke:\n  - load: { path: / }\ntraffic:\n", 8, "rate is missing"),
                mistake("traffic:\n", "approvals: [backfill]\ntraffic:\n", 7, "approvals[0] is 'backfill'"),
                mistake("traffic:\n", "approvals: contract\ntraffic:\n", 7, "approvals is not a list"),
                mistake("  health: {", "  idle: stop\n  health: {", 6, "keep, scale-down or destroy"),
                mistake(
                        "  health: {",
                        "  variables: { running: false }\n  health: {",
                        6,
                        "given to the module by Pitstop"),
                mistake("traffic:\n", "traffic:\n  backend: { bucket: b }\n", 8, "of a module that is not named"),
                mistake("traffic:\n", "contract: 3\ntraffic:\n", 7, "not a mapping"));
    }

    private static Arguments gate(String wrong, String message) {
        return mistake("traffic:\n", "gates:\n  - " + wrong + "\ntraffic:\n", 8, message);
    }

    private static Arguments mistake(String right, String wrong, int line, String message) {
        return Arguments.of(right, wrong, line, message);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void a_mistake_is_refused_by_its_line_and_by_the_published_schema(
            String right, String wrong, int line, String message) {
        String yaml = SMALLEST.replace(right, wrong);

        assertThatThrownBy(() -> load(yaml)).isInstanceOfSatisfying(InvalidConfig.class, refusal -> assertThat(
                        refusal.getMessage() + " " + refusal.hint())
                .contains("pitstop.yml:" + line + ":")
                .contains(message));
        if (!wrong.contains("20, 100")) { // that steps rise is more than a schema can say
            assertThat(schemaErrors(yaml)).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "local: { admin: \"http://127.0.0.1:9901\", tokenFile: .pitstop/token }",
                "alb: { loadBalancer: blog }",
                "alb: { listener: \"arn:aws:x\", rule: { host: a.example, path: /api/* }, stickiness: end, within: 10s }",
                "alb: { tags: { Application: blog }, listenerPort: 80, targetGroups: { blue: one, green: two } }",
                "haproxy: { socket: /run/haproxy.sock, servers: { blue: b, green: g }, stateFile: /var/lib/state }",
                "route53: { zone: Z1, record: blog.example.com, type: CNAME, identifiers: { blue: b, green: g } }"
            })
    void the_published_schema_accepts_what_the_agent_accepts(String router) {
        String yaml = SMALLEST.replaceFirst("local: .*", router)
                + "  health: { atLeast: 2, ofLive: 50%, reads: 5 }\n  terraform: tf\n  backend: { bucket: b }\naws: { region: eu-west-1, role: \"arn:aws:iam::123456789012:role/pitstop\" }\n";

        assertThat(load(yaml).traffic().router().kind().key()).isEqualTo(router.substring(0, router.indexOf(':')));
        assertThat(schemaErrors(yaml)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "prometheus: { url: \"http://127.0.0.1:9090\", query: \"r{c='{colour}'}[{window}]\", max: 0.01 }",
                "prometheus: { url: \"https://p/x\", query: \"r[5m]\", window: 5m, min: 1, max: 2e3, samples: s, atLeast: 9 }",
                "prometheus: { url: \"https://p\", query: r, min: -1, tokenVariable: PROM_TOKEN, within: 2s }",
                "database: { figure: longest-wait, max: 0.5 }",
                "cloudwatch: { alarm: \"blog-{colour}-5xx\" }",
                "cloudwatch: { alarm: blog, window: 10m }",
                "cloudwatch: { namespace: N, metric: M, max: 5, dimensions: { A: \"x/{colour}\", B: 3 }, statistic: p99 }",
                "cloudwatch: { namespace: N, metric: M, max: 5, missing: zero, samples: R, atLeast: 50, period: 10s, delay: 0s }",
                "cloudwatch: { namespace: N, metrics: { e: E, r: R }, expression: e / r, max: 5 }",
                "cloudwatch: { namespace: N, metric: M, max: 5, colours: { blue: { G: b }, green: { G: g } } }"
            })
    void a_gate_of_another_system_is_read_as_the_published_schema_has_it(String gate) {
        String yaml = SMALLEST + "gates:\n  - " + gate + "\n";

        assertThat(load(yaml).gates()).hasSize(1);
        assertThat(schemaErrors(yaml)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "textfile: /var/lib/metrics",
                "every: 5s, pushgateway: { url: \"http://p:9091\" }, otlp: { url: \"https://o/v1/metrics\", keyVariable: O }",
                "datadog: { keyVariable: DD_API_KEY }, newRelic: { account: 12, keyVariable: NR, url: \"https://nr\" }"
            })
    void where_metrics_go_is_read_as_the_published_schema_has_it(String metrics) {
        String yaml = SMALLEST + "metrics: { " + metrics + " }\n";

        assertThat(load(yaml).metrics().isEmpty()).isFalse();
        assertThat(schemaErrors(yaml)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'datadog: { url: \"https://d\" }', metrics.datadog.keyVariable is missing",
        "'pushgateway: { keyVariable: A }', metrics.pushgateway.url is missing",
        "'otlp: { url: \"https://u:secret@o\" }', metrics.otlp.url is",
        "'newRelic: { keyVariable: NR }', metrics.newRelic.account is missing",
        "'pushGateway: { url: \"http://p\" }', unknown key metrics.pushGateway"
    })
    void who_cannot_be_sent_metrics_is_refused(String metrics, String message) {
        String yaml = SMALLEST + "metrics: { " + metrics + " }\n";

        assertThatThrownBy(() -> load(yaml))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("pitstop.yml:9:")
                .hasMessageContaining(message);
        assertThat(schemaErrors(yaml)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "slack: { url: \"${SLACK_WEBHOOK}\" }",
                "slack: { url: \"https://hooks.slack.com/services/${SLACK_PATH}\", on: [rolled-back, outcome-unknown] }",
                "teams: { url: \"${TEAMS_WEBHOOK}\", on: [approval-needed, switched, contract-due] }",
                "post: { url: \"https://hooks.internal:8443/pitstop\", tokenVariable: HOOK_TOKEN }",
                "post: { url: \"${HOOK}\" }"
            })
    void who_is_told_is_read_as_the_published_schema_has_it(String someone) {
        String yaml = SMALLEST + "notifications:\n  - " + someone + "\n";

        NotificationConfig read = load(yaml).notifications().get(0);

        assertThat(read.kind()).isEqualTo(someone.substring(0, someone.indexOf(':')));
        assertThat(read.on()).hasSize(someone.contains("[") ? someone.split(",").length - 1 : 5);
        assertThat(schemaErrors(yaml)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'slack: { url: \"https://hooks.slack.com/s3cret\" }', slack.url names no environment variable",
        "'teams: { url: s3cret }', teams.url names no environment variable",
        "'post: { url: \"https://h/x?sig=s3cret\" }', post.url is no http or https address without user",
        "'post: { url: \"https://u:s3cret@h/\" }', post.url is no http or https address without user",
        "'post: { tokenVariable: A }', notifications[0].post.url is missing",
        "'post: { url: \"http://h\", tokenVariable: a }', post.tokenVariable is",
        "'slack: { url: \"${A}\", tokenVariable: A }', unknown key notifications[0].slack.tokenVariable",
        "'slack: { url: \"${A}\", on: [] }', slack.on names nothing",
        "'slack: { url: \"${A}\", on: [deployed] }', 'slack.on[0] is \'\'deployed\'\''",
        "'irc: { url: \"${A}\" }', unknown key notifications[0].irc",
        "'slack: { url: \"${A}\" }, teams: { url: \"${B}\" }', exactly one key"
    })
    void who_cannot_be_told_is_refused_without_showing_a_secret(String someone, String message) {
        String yaml = SMALLEST + "notifications: [{ " + someone + " }]\n";

        assertThatThrownBy(() -> load(yaml))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("pitstop.yml:9:")
                .hasMessageContaining(message)
                .hasMessageNotContaining("s3cret");
        assertThat(schemaErrors(yaml)).isNotEmpty();
    }

    @Test
    void a_list_of_people_is_no_list_of_channels() {
        String yaml = SMALLEST + "notifications:\n" + "  - slack: { url: \"${A}\" }\n".repeat(11);

        assertThatThrownBy(() -> load(yaml)).hasMessageContaining("more than 10 entries");
        assertThat(schemaErrors(yaml)).isNotEmpty();
    }

    @Test
    void an_address_that_is_a_secret_is_read_when_it_is_used_and_shown_by_its_variable() {
        String yaml = SMALLEST + "notifications:\n  - slack: { url: \"${A}\" }\n  - post: { url: \"https://h/x/y\" }\n"
                + "  - post: { url: \"https://u@h?x=${A}\" }\n";

        List<NotificationConfig> read = load(yaml).notifications();
        Webhook slack = read.get(0).url();

        assertThat(read)
                .extracting(someone -> someone.url().toString())
                .containsExactly("${A}", "https://h/...", "https://...@h?...");
        assertThat(slack.missing(name -> null)).contains("A");
        assertThat(slack.missing(name -> " ")).contains("A");
        assertThat(slack.missing(name -> "x")).isEmpty();
        assertThat(slack.address(name -> "x")).isEmpty();
        assertThat(slack.address(name -> "ftp://h/")).isEmpty();
        assertThat(slack.address(name -> "https://u:p@h/")).isEmpty();
        assertThat(slack.address(name -> "https://h/x?sig=1\n")).contains(URI.create("https://h/x?sig=1"));
    }

    @ParameterizedTest
    @CsvSource({
        "'prometheus: { url: \"http://p\", query: \"r[5m]\", max: 1 }', looks back further than its window of 1m",
        "'prometheus: { url: \"http://p\", query: r, samples: \"s[ 1w:1m]\", max: 1 }', samples looks back further",
        "'prometheus: { url: \"http://p\", query: r, max: 1, min: 2 }', max is '1'",
        "'cloudwatch: { namespace: n, metric: m, max: 1, period: 45s }', period is '45s'",
        "'cloudwatch: { namespace: n, metric: m, max: 1, period: 1500ms }', period is '1500ms'"
    })
    void what_a_schema_cannot_say_of_a_gate_is_refused_all_the_same(String gate, String message) {
        assertThatThrownBy(() -> load(SMALLEST + "gates:\n  - " + gate + "\n"))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("pitstop.yml:10:")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"adopt", "asg", "ec2", "ecs"})
    void the_examples_for_aws_are_configurations(String example) throws IOException {
        Path file = Path.of("terraform/aws/examples", example, "pitstop.yml");
        Map<String, String> terraform = Map.of(
                "DATABASE_URL", "jdbc:postgresql://db/blog",
                "STATE_BUCKET", "blog-state",
                "AWS_REGION", "eu-west-1",
                "LISTENER", "arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/shared/1/2",
                "RULE", "arn:aws:elasticloadbalancing:eu-west-1:1:listener-rule/app/shared/1/2/3",
                "BLUE_TARGETS", "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/blog-blue/1",
                "GREEN_TARGETS", "arn:aws:elasticloadbalancing:eu-west-1:1:targetgroup/blog-green/2");

        assertThat(PitstopConfig.load(file, terraform).traffic().router())
                .isInstanceOfSatisfying(AlbConfig.class, alb -> assertThat(alb.listener())
                        .contains("arn:aws:elasticloadbalancing:eu-west-1:1:listener/app/shared/1/2"));
        assertThat(schemaErrors(Files.readString(file))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "'alb: { loadBalancer: blog }', '{ errors: 1% }', counts no requests",
        "'haproxy: { socket: /run/s }', '{ p95: 100ms }', no latency of single requests"
    })
    void a_gate_that_the_router_cannot_answer_is_refused(String router, String gate, String message) {
        String yaml = SMALLEST.replaceFirst("local: .*", router) + "gates:\n  - router: " + gate + "\n";

        assertThatThrownBy(() -> load(yaml))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("pitstop.yml:10:")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"secretsManager: rds/blog", "ssm: /blog/db/password"})
    void the_password_may_be_kept_by_aws(String where) {
        String yaml = SMALLEST.replace("  url:", "  credentials: { " + where + " }\n  url:");

        assertThat(load(yaml).database().credentials().orElseThrow().toString())
                .endsWith(where.replaceFirst(".*: ", " "));
        assertThat(schemaErrors(yaml)).isEmpty();
    }

    @Test
    void a_password_in_the_url_is_refused_and_not_shown() {
        String yaml = SMALLEST.replace("5432/blog", "5432/blog?user=x&password=geheim");

        assertThatThrownBy(() -> load(yaml))
                .hasMessageContaining("holds a user or a password")
                .hasMessageNotContaining("geheim");
    }

    @Test
    void broken_yaml_is_refused_by_its_line() {
        assertThatThrownBy(() -> load("application: blog\ndatabase: {\n"))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("pitstop.yml:3:");
        assertThatThrownBy(() -> load("")).hasMessageContaining("empty");
    }

    @Test
    void a_missing_file_is_named() {
        assertThatThrownBy(() -> PitstopConfig.load(folder.resolve("none.yml"), Map.of()))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("none.yml");
    }

    private PitstopConfig load(String yaml) {
        return load(yaml, Map.of());
    }

    private PitstopConfig load(String yaml, Map<String, String> environment) {
        try {
            return PitstopConfig.load(Files.writeString(folder.resolve("pitstop.yml"), yaml), environment);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> schemaErrors(String yaml) {
        try {
            Schema schema = SchemaRegistry.withDefaultDialect(Dialects.getDraft202012())
                    .getSchema(Files.readString(Path.of("resources/pitstop/pitstop.schema.json")), InputFormat.JSON);
            return schema.validate(yaml, InputFormat.YAML).stream()
                    .map(Object::toString)
                    .collect(Collectors.toList());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
