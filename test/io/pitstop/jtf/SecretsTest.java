package io.pitstop.jtf;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

/** A plan in which one value is marked as sensitive; the same value stands elsewhere without the mark. */
class SecretsTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void a_long_secret_is_known_within_any_text() {
        assertThat(isHidden("'hunter2-secret'", "'postgres://shop:hunter2-secret@db/shop'"))
                .isTrue();
        assertThat(isHidden("'hunter2-secret'", "{ 'hunter2-secret': 1 }")).isTrue();
        assertThat(isHidden("'hunter2-secret'", "'hunter3-secret'")).isFalse();
    }

    @Test
    void a_short_secret_is_known_where_it_stands_alone() {
        assertThat(isHidden("'abc'", "'abc'")).isTrue();
        assertThat(isHidden("'abc'", "{ 'database': { 'password': ['x', 'abc'] } }"))
                .isTrue();
        assertThat(isHidden("'x'", "'x'")).isTrue();
    }

    @Test
    void a_secret_of_one_letter_does_not_hide_the_rest_of_the_plan() {
        assertThat(isHidden("'a'", "'arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/shop-blue/1'"))
                .isFalse();
        assertThat(isHidden("'1'", "1")).as("how many there are of something").isFalse();
        assertThat(isHidden("'true'", "true")).isFalse();
    }

    @Test
    void a_secret_number_is_known_where_it_stands_alone_unless_it_could_be_any() {
        assertThat(isHidden("271828", "271828")).isTrue();
        assertThat(isHidden("271828", "'271828'")).as("turned into text").isTrue();
        assertThat(isHidden("'271828'", "271828")).as("turned into a number").isTrue();
        assertThat(isHidden("271828", "{ 'pin': 271828 }")).isTrue();
        assertThat(isHidden("80", "80")).isFalse();
        assertThat(isHidden("123456789012", "'arn:aws:iam::123456789012:role/ci'"))
                .as("the account in every ARN")
                .isFalse();
    }

    /** @param secret and @param value as JSON, with single quotes */
    private static boolean isHidden(String secret, String value) {
        String plan =
                "{ 'resource_changes': [ { 'change': { 'after': { 'password': %s }, 'after_sensitive': { 'password': true } } } ] }"
                        .formatted(secret);
        try {
            return new Secrets(JSON.readTree(plan.replace('\'', '"'))).isIn(JSON.readTree(value.replace('\'', '"')));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
