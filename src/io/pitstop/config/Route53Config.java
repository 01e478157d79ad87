package io.pitstop.config;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Weighted records in Route 53, one for each colour.
 *
 * @param zone id of the hosted zone
 * @param record name of both records, such as {@code shop.example.com}
 * @param type of both records: A, AAAA or CNAME
 * @param identifiers their set identifiers
 * @param within how long Route 53 may take until all of its servers have a change
 */
public record Route53Config(String zone, String record, String type, PerColour identifiers, Duration within)
        implements RouterConfig {
    private static final Set<String> TYPES = Set.of("A", "AAAA", "CNAME");

    @Override
    public Kind kind() {
        return Kind.ROUTE53;
    }

    static Route53Config from(Section section) {
        Route53Config config = new Route53Config(
                section.text("zone"),
                section.text("record"),
                section.find("type", Route53Config::type, "A, AAAA or CNAME").orElse("A"),
                section.findSection("identifiers").map(PerColour::from).orElseGet(() -> PerColour.of("{colour}")),
                section.positive("within", Duration.ofMinutes(2)));
        section.end();
        return config;
    }

    private static Optional<String> type(String text) {
        return TYPES.contains(text) ? Optional.of(text) : Optional.empty();
    }
}
