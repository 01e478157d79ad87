package io.pitstop.config;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Reads an enum's value as users write it: lower case with hyphens. */
final class Choice {
    private Choice() {}

    static <E extends Enum<E>> Function<String, Optional<E>> of(Class<E> type) {
        return text -> Stream.of(type.getEnumConstants())
                .filter(value ->
                        value.name().toLowerCase(Locale.ROOT).replace('_', '-').equals(text))
                .findFirst();
    }
}
