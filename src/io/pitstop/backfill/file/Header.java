package io.pitstop.backfill.file;

import io.pitstop.config.Quantity;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The line {@code -- backfill: table=posts key=id walk=key batch=50ms}; only the table is always needed.
 *
 * @param table with its schema unless that is on the search path
 * @param key columns with an index that begins with them; empty if the walk is along the heap, or left to the catalog
 * @param walk in which order the rows are visited; empty if key or catalog decide
 * @param batchTime how long a batch should take; empty for the default
 */
public record Header(String table, List<String> key, Optional<Order> walk, Optional<Duration> batchTime) {
    private static final Set<String> KEYS = Set.of("table", "key", "walk", "batch");
    private static final Duration SHORTEST = Duration.ofMillis(1);

    public Header {
        key = List.copyOf(key);
    }

    /** In which order rows are visited. */
    public enum Order {
        /** As they lie in the table's file, by ctid. */
        HEAP,
        /** Along an index. */
        KEY
    }

    /** True if the placeholders of the statements have their meaning from here. */
    boolean saysHow() {
        return !key.isEmpty() || walk.isPresent();
    }

    /** Empty if it cannot be understood. */
    static Optional<Header> read(String line) {
        Map<String, String> values = new HashMap<>();
        for (String word : line.strip().split("\\s+")) {
            String[] pair = word.split("=", 2);
            if (pair.length < 2
                    || pair[1].isEmpty()
                    || !KEYS.contains(pair[0])
                    || values.put(pair[0], pair[1]) != null) {
                return Optional.empty();
            }
        }
        List<String> key = values.containsKey("key") ? List.of(values.get("key").split(",")) : List.of();
        Optional<Order> walk = Optional.ofNullable(values.get("walk")).flatMap(Header::order);
        Optional<Duration> batch = Optional.ofNullable(values.get("batch")).flatMap(Quantity::duration);
        boolean understood = values.containsKey("table")
                && key.stream().noneMatch(String::isBlank)
                && walk.isPresent() == values.containsKey("walk")
                && batch.isPresent() == values.containsKey("batch")
                && batch.map(time -> time.compareTo(SHORTEST) >= 0).orElse(true)
                && !(walk.equals(Optional.of(Order.HEAP)) && !key.isEmpty());
        return understood ? Optional.of(new Header(values.get("table"), key, walk, batch)) : Optional.empty();
    }

    private static Optional<Order> order(String word) {
        return switch (word) {
            case "heap" -> Optional.of(Order.HEAP);
            case "key" -> Optional.of(Order.KEY);
            default -> Optional.empty();
        };
    }
}
