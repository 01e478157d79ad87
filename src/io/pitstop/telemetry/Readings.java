package io.pitstop.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.pitstop.metrics.Meter;
import io.pitstop.metrics.Meters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** Our meters as Micrometer's, in the registry that is theirs. */
final class Readings implements Meters {
    private final Function<Meter, MeterRegistry> registries;
    private final Map<Key, AtomicReference<Double>> gauges = new ConcurrentHashMap<>();

    /** @param registries where each meter is kept */
    Readings(Function<Meter, MeterRegistry> registries) {
        this.registries = registries;
    }

    private record Key(Meter meter, List<String> labels) {}

    @Override
    public void count(Meter meter, double more, String... labels) {
        require(meter, meter.kind() == Meter.Kind.COUNTER);
        Counter.builder(meter.id())
                .description(meter.help())
                .tags(tags(meter, labels))
                .register(registries.apply(meter))
                .increment(more);
    }

    @Override
    public void set(Meter meter, double value, String... labels) {
        require(meter, meter.kind() == Meter.Kind.GAUGE || meter.kind() == Meter.Kind.STATE);
        Tags tags = tags(meter, labels);
        gauges.computeIfAbsent(new Key(meter, List.of(labels)), key -> gauge(meter, tags))
                .set(value);
    }

    @Override
    public void time(Meter meter, Duration took, String... labels) {
        require(meter, meter.kind() == Meter.Kind.TIMER);
        Timer.builder(meter.id())
                .description(meter.help())
                .tags(tags(meter, labels))
                .register(registries.apply(meter))
                .record(took);
    }

    private AtomicReference<Double> gauge(Meter meter, Tags tags) {
        AtomicReference<Double> value = new AtomicReference<>(0.0);
        Gauge.builder(meter.id(), value, AtomicReference::get)
                .description(meter.help())
                .baseUnit(meter.unit().isEmpty() ? null : meter.unit())
                .tags(tags)
                .register(registries.apply(meter));
        return value;
    }

    private static void require(Meter meter, boolean fits) {
        if (!fits) {
            throw new IllegalArgumentException(meter + " is a " + meter.kind());
        }
    }

    private static Tags tags(Meter meter, String[] labels) {
        if (labels.length != meter.labels().size()) {
            throw new IllegalArgumentException(meter + " has the labels " + meter.labels());
        }
        List<Tag> tags = new ArrayList<>();
        for (int i = 0; i < labels.length; i++) {
            tags.add(Tag.of(meter.labels().get(i), labels[i]));
        }
        return Tags.of(tags);
    }
}
