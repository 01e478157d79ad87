package io.pitstop.prove.fault;

import java.util.List;
import java.util.stream.Stream;

/** All kinds of faults. */
public final class Faults {
    private Faults() {}

    public static List<Fault> all() {
        return Stream.<Fault[]>of(
                        AgentFault.values(),
                        DatabaseFault.values(),
                        TerraformFault.values(),
                        RouterFault.values(),
                        PeopleFault.values())
                .flatMap(Stream::of)
                .toList();
    }

    public static List<Fault> of(Family family) {
        return all().stream().filter(fault -> fault.family() == family).toList();
    }
}
