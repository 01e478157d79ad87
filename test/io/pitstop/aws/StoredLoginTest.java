package io.pitstop.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pitstop.config.CredentialsConfig;
import io.pitstop.error.DependencyFailed;
import io.pitstop.error.InvalidConfig;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.ssm.model.ParameterType;

/** Secrets Manager and Parameter Store of the emulator. */
class StoredLoginTest {
    private static Moto moto;
    private static Aws aws;

    @BeforeAll
    static void start() {
        moto = Moto.start();
        aws = TestAws.at(moto.address());
    }

    @AfterAll
    static void stop() {
        if (moto != null) {
            moto.close();
        }
    }

    @Test
    void a_secret_as_rds_writes_it_has_user_and_password() {
        secret("rds", "{\"engine\":\"postgres\",\"username\":\"blog\",\"password\":\"geheim\",\"port\":5432}");

        StoredLogin login = read(secretsManager("rds"));

        assertThat(login.user()).contains("blog");
        assertThat(login.password()).isEqualTo("geheim");
        assertThat(login.toString()).contains("blog").doesNotContain("geheim");
    }

    @Test
    void a_secret_may_be_the_password_alone() {
        secret("plain", "{ge he\"im\n");

        assertThat(read(secretsManager("plain"))).isEqualTo(new StoredLogin(Optional.empty(), "{ge he\"im"));
    }

    @Test
    void a_secret_can_be_named_by_its_arn() {
        String arn = aws.secrets()
                .createSecret(secret -> secret.name("by-arn").secretString("geheim"))
                .arn();

        assertThat(read(secretsManager(arn)).password()).isEqualTo("geheim");
    }

    @Test
    void a_parameter_is_decrypted() {
        aws.parameters()
                .putParameter(parameter ->
                        parameter.name("/blog/db/password").value("geheim").type(ParameterType.SECURE_STRING));

        assertThat(read(ssm("/blog/db/password")).password()).isEqualTo("geheim");
    }

    @Test
    void what_is_not_there_is_named() {
        assertThatThrownBy(() -> read(secretsManager("none")))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("AWS has no secret none for us: ResourceNotFoundException");
        assertThatThrownBy(() -> read(ssm("/none")))
                .isInstanceOf(InvalidConfig.class)
                .hasMessageContaining("AWS has no parameter /none for us: ParameterNotFound");
    }

    @Test
    void a_secret_without_a_password_is_refused_and_not_shown() {
        secret("other", "{\"username\":\"blog\",\"pass\":\"geheim\"}");
        aws.secrets().createSecret(secret -> secret.name("binary").secretBinary(SdkBytes.fromUtf8String("geheim")));

        for (String name : new String[] {"other", "binary"}) {
            assertThatThrownBy(() -> read(secretsManager(name)))
                    .isInstanceOf(InvalidConfig.class)
                    .hasMessage("The secret " + name + " holds no password.")
                    .hasNoCause();
        }
    }

    @Test
    void an_aws_that_does_not_answer_is_an_outside_failure() {
        assertThatThrownBy(() -> StoredLogin.read(TestAws.at(URI.create("http://127.0.0.1:1")), ssm("/x")))
                .isInstanceOf(DependencyFailed.class)
                .hasMessageContaining("The parameter /x cannot be read");
    }

    private static void secret(String name, String text) {
        aws.secrets().createSecret(secret -> secret.name(name).secretString(text));
    }

    private static StoredLogin read(CredentialsConfig where) {
        return StoredLogin.read(aws, where);
    }

    private static CredentialsConfig secretsManager(String name) {
        return new CredentialsConfig(Optional.of(name), Optional.empty());
    }

    private static CredentialsConfig ssm(String name) {
        return new CredentialsConfig(Optional.empty(), Optional.of(name));
    }
}
