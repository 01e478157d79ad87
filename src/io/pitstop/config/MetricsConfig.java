package io.pitstop.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * The {@code metrics} section of pitstop.yml: where the figures of running commands go, all of them at once if several are
 * named.
 *
 * @param every how often figures are sent while a command runs; at its end they are sent in any case
 */
public record MetricsConfig(
        Duration every,
        Optional<Receiver> pushgateway,
        Optional<Path> textfile,
        Optional<Receiver> otlp,
        Optional<Receiver> datadog,
        Optional<NewRelic> newRelic) {
    /**
     * Somebody who takes figures by HTTP.
     *
     * @param keyVariable environment variable that holds the key or bearer token; empty if none is sent
     */
    public record Receiver(URI url, Optional<String> keyVariable) {
        private static Receiver from(Section section, String byDefault, boolean needsKey) {
            Receiver receiver = new Receiver(
                    section.find("url", Address::http, "an address such as " + byDefault)
                            .orElseGet(() -> needsKey ? URI.create(byDefault) : missing(section)),
                    section.find("keyVariable", Address::variable, "the name of an environment variable"));
            if (needsKey && receiver.keyVariable().isEmpty()) {
                throw section.missing("keyVariable");
            }
            return receiver;
        }

        private static URI missing(Section section) {
            throw section.missing("url");
        }
    }

    /** @param account number of the account that the key belongs to */
    public record NewRelic(Receiver receiver, String account) {}

    /** Sends nothing. */
    public static MetricsConfig byDefault() {
        return new MetricsConfig(
                Duration.ofSeconds(10),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
    }

    /** True if nobody wants figures. */
    public boolean isEmpty() {
        return equals(byDefault().every(every));
    }

    private MetricsConfig every(Duration other) {
        return new MetricsConfig(other, pushgateway, textfile, otlp, datadog, newRelic);
    }

    static MetricsConfig from(Section section, Path folder) {
        MetricsConfig config = new MetricsConfig(
                section.positive("every", byDefault().every()),
                receiver(section, "pushgateway", "http://pushgateway:9091", false),
                section.find("textfile", Optional::of, "a folder").map(folder::resolve),
                receiver(section, "otlp", "http://collector:4318/v1/metrics", false),
                receiver(section, "datadog", "https://api.datadoghq.com", true),
                section.findSection("newRelic").map(MetricsConfig::newRelic));
        section.end();
        return config;
    }

    private static Optional<Receiver> receiver(Section section, String key, String byDefault, boolean needsKey) {
        return section.findSection(key).map(own -> {
            Receiver receiver = Receiver.from(own, byDefault, needsKey);
            own.end();
            return receiver;
        });
    }

    private static NewRelic newRelic(Section section) {
        NewRelic config = new NewRelic(
                Receiver.from(section, "https://insights-collector.newrelic.com", true), section.text("account"));
        section.end();
        return config;
    }
}
