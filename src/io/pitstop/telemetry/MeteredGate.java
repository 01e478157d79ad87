package io.pitstop.telemetry;

import io.pitstop.gate.Gate;
import io.pitstop.gate.Verdict;
import io.pitstop.metrics.Meter;
import io.pitstop.metrics.Meters;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A gate whose verdicts are figures. */
public final class MeteredGate implements Gate {
    /** Values are for people: a number, and its unit after it. */
    private static final Pattern NUMBER = Pattern.compile("^(-?[\\d,]*\\.?\\d+(?:[eE]-?\\d+)?)");

    private final Gate gate;
    private final Meters meters;

    public MeteredGate(Gate gate, Meters meters) {
        this.gate = gate;
        this.meters = meters;
    }

    @Override
    public void begin() {
        gate.begin();
    }

    @Override
    public void resume(Map<String, Object> memory) {
        gate.resume(memory);
    }

    @Override
    public Map<String, Object> memory() {
        return gate.memory();
    }

    @Override
    public void close() {
        gate.close();
    }

    @Override
    public Verdict judge() {
        Verdict verdict = gate.judge();
        double healthy =
                switch (verdict.answer()) {
                    case HEALTHY -> 1;
                    case UNDECIDED -> 0.5;
                    case UNHEALTHY -> 0;
                };
        meters.set(Meter.GATE_HEALTHY, healthy, verdict.gate());
        meters.set(Meter.GATE_SAMPLES, verdict.samples(), verdict.gate());
        Matcher number = NUMBER.matcher(verdict.value());
        if (number.find()) {
            meters.set(Meter.GATE_VALUE, Double.parseDouble(number.group(1).replace(",", "")), verdict.gate());
        }
        return verdict;
    }
}
