package io.pitstop.traffic.route53;

import static io.pitstop.traffic.route53.FakeRoute53.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.pitstop.config.PerColour;
import io.pitstop.config.Route53Config;
import io.pitstop.traffic.Observation;
import io.pitstop.traffic.Routers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A zone as an administrator left it, before the first release. */
class Route53ExaminationTest {
    private final FakeRoute53 route53 = new FakeRoute53();

    @AfterEach
    void stop() {
        route53.close();
    }

    @Test
    void all_that_a_switch_needs_is_looked_at_and_nothing_is_ordered() {
        List<Observation> seen = observe("shop.example.com");

        assertThat(seen)
                .allMatch(Observation::good)
                .extracting(Observation::what)
                .containsExactly("records", "blue time to live", "blue check", "green time to live", "green check");
        assertThat(seen.get(0).detail()).contains("serve blue 100 %, green 0 %");
        assertThat(route53.orders()).isEmpty();
    }

    @Test
    void records_that_are_not_there_are_all_that_is_told() {
        assertThat(observe("none.example.com")).singleElement().satisfies(seen -> {
            assertThat(seen.good()).isFalse();
            assertThat(seen.detail()).contains("has the set identifier blue");
        });
    }

    @Test
    void a_record_of_one_colour_only_is_found_out() {
        route53.zone().remove("green");

        assertThat(bad())
                .singleElement()
                .extracting(Observation::hint)
                .asString()
                .contains("identifiers.green");
    }

    @Test
    void a_time_to_live_that_would_hold_users_back_is_found_out() {
        route53.zone().remove("green");
        route53.zone().add(record("green", 0).replace("<TTL>30</TTL>", "<TTL>3600</TTL>"));

        assertThat(bad()).singleElement().satisfies(seen -> {
            assertThat(seen.what()).isEqualTo("green time to live");
            assertThat(seen.detail()).contains("3600 s");
        });
    }

    @Test
    void a_record_that_nobody_checks_is_found_out() {
        route53.zone().remove("blue");
        route53.zone().add(record("blue", 100).replaceAll("<HealthCheckId>.*</HealthCheckId>", ""));

        assertThat(bad()).singleElement().satisfies(seen -> {
            assertThat(seen.what()).isEqualTo("blue check");
            assertThat(seen.hint()).contains("health check of its endpoint");
        });
    }

    @Test
    void a_health_check_whose_status_route_53_does_not_tell_is_found_out() {
        route53.checkBy("CALCULATED");

        assertThat(bad()).hasSize(2).allMatch(seen -> seen.detail().contains("CALCULATED"));
    }

    private List<Observation> bad() {
        return observe("shop.example.com").stream().filter(seen -> !seen.good()).toList();
    }

    private List<Observation> observe(String record) {
        PerColour identifiers = new PerColour("blue", "green");
        return Routers.observe(new Route53Config("Z1", record, "A", identifiers, Duration.ofSeconds(2)), route53.aws());
    }
}
