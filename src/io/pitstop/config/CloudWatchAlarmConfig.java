package io.pitstop.config;

import java.time.Duration;
import java.util.Optional;

/**
 * A CloudWatch alarm, of a metric or of other alarms, that must be OK.
 *
 * @param alarm its name; {@code {colour}} and {@code {application}} are filled in
 * @param window how far back it looks; empty to take that from the alarm
 */
public record CloudWatchAlarmConfig(String alarm, Optional<Duration> window) implements GateConfig {
    static CloudWatchAlarmConfig from(Section section) {
        CloudWatchAlarmConfig config = new CloudWatchAlarmConfig(section.text("alarm"), section.findDuration("window"));
        section.end();
        return config;
    }
}
