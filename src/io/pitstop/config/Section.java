package io.pitstop.config;

import io.pitstop.error.InvalidConfig;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** One mapping of pitstop.yml, read key by key; knows the line of everything, so that every error can name it. */
final class Section {
    /** An environment variable in a value; its name is the first group. */
    static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

    private final ConfigFile file;
    private final String path;
    private final int line;
    private final Map<String, NodeTuple> entries = new LinkedHashMap<>();
    private final Set<String> read = new HashSet<>();

    Section(ConfigFile file, String path, Node node) {
        this.file = file;
        this.path = path;
        this.line = ConfigFile.lineOf(node);
        if (!(node instanceof MappingNode mapping)) {
            throw file.invalid(line, name() + " is not a mapping.", "Write it as keys and values, indented below it.");
        }
        for (NodeTuple entry : mapping.getValue()) {
            entries.put(((ScalarNode) entry.getKeyNode()).getValue(), entry);
        }
    }

    boolean has(String key) {
        return entries.containsKey(key);
    }

    /** The only key that is there, for sections that choose one of several kinds. */
    String onlyKey(String... kinds) {
        if (entries.size() != 1) {
            throw file.invalid(
                    line, name() + " must have exactly one key.", "Choose one of " + String.join(", ", kinds) + ".");
        }
        return entries.keySet().iterator().next();
    }

    String text(String key) {
        return find(key, Section::nonBlank, "text").orElseThrow(() -> missing(key));
    }

    String text(String key, String byDefault) {
        return find(key, Section::nonBlank, "text").orElse(byDefault);
    }

    /** Text that a shell will read: it is left as written, because the shell knows {@code ${NAME}} itself. */
    String shellText(String key) {
        read.add(key);
        if (!has(key)) {
            throw missing(key);
        }
        String text = scalar(entries.get(key).getValueNode(), path(key), "a shell command")
                .getValue();
        return nonBlank(text)
                .orElseThrow(() -> invalid(key, path(key) + " is empty.", "Write a shell command, or take it out."));
    }

    /** As the file has it, its variables left alone: for what may be a secret, which is to be read as late as can be. */
    String written(String key) {
        read.add(key);
        if (!has(key)) {
            throw missing(key);
        }
        return scalar(entries.get(key).getValueNode(), path(key), "text").getValue();
    }

    /** The path, and maybe the query, of a request: it begins with a slash and can be part of a URL. */
    String requestPath(String key) {
        return find(key, Section::requestPathOnly, "a path such as /health, with %20 for a space")
                .orElseThrow(() -> missing(key));
    }

    /** A duration that something is measured or waited for, hence more than nothing. */
    Duration positive(String key, Duration byDefault) {
        return find(
                        key,
                        text -> Quantity.duration(text).filter(time -> !time.isZero()),
                        "more than 0, with its unit ms, s, m, h or d, such as 30s")
                .orElse(byDefault);
    }

    Duration duration(String key, Duration byDefault) {
        return findDuration(key).orElse(byDefault);
    }

    Optional<Duration> findDuration(String key) {
        return find(key, Quantity::duration, "a number with its unit ms, s, m, h or d, such as 30s");
    }

    int integer(String key, int byDefault) {
        return find(key, Section::wholeNumber, "a whole number").orElse(byDefault);
    }

    Optional<Integer> findInteger(String key) {
        return find(key, Section::wholeNumber, "a whole number");
    }

    int perSecond(String key) {
        return find(key, Quantity::perSecond, "a rate such as 100/s").orElseThrow(() -> missing(key));
    }

    <T> Optional<T> find(String key, Function<String, Optional<T>> reader, String expected) {
        read.add(key);
        if (!has(key)) {
            return Optional.empty();
        }
        return Optional.of(value(entries.get(key).getValueNode(), path(key), reader, expected));
    }

    List<Integer> integers(String key, List<Integer> byDefault) {
        return list(key, Section::wholeNumber, "a whole number", byDefault);
    }

    /** A list of plain values; an empty one is not the default. */
    <T> List<T> list(String key, Function<String, Optional<T>> reader, String expected, List<T> byDefault) {
        read.add(key);
        if (!has(key)) {
            return byDefault;
        }
        List<T> values = new ArrayList<>();
        for (Node item : items(key)) {
            values.add(value(item, path(key) + "[" + values.size() + "]", reader, expected));
        }
        return List.copyOf(values);
    }

    /** Keys and values as text, for maps whose keys are the user's own. */
    Map<String, String> texts() {
        Map<String, String> texts = new LinkedHashMap<>();
        entries.keySet().forEach(key -> texts.put(key, text(key)));
        return texts;
    }

    Section section(String key) {
        return findSection(key).orElseThrow(() -> missing(key));
    }

    Optional<Section> findSection(String key) {
        read.add(key);
        return has(key)
                ? Optional.of(new Section(file, path(key), entries.get(key).getValueNode()))
                : Optional.empty();
    }

    List<Section> sections(String key) {
        read.add(key);
        List<Section> sections = new ArrayList<>();
        if (has(key)) {
            items(key).forEach(item -> sections.add(new Section(file, path(key) + "[" + sections.size() + "]", item)));
        }
        return sections;
    }

    /** Call last: refuses what nobody asked for. */
    void end() {
        for (String key : entries.keySet()) {
            if (!read.contains(key)) {
                throw invalid(
                        key,
                        "unknown key " + path(key) + ".",
                        "Known here: "
                                + String.join(", ", read.stream().sorted().toList()) + ".");
            }
        }
    }

    /** An error about the value of {@code key}, which is quoted as the file has it: a variable may hold a secret. */
    InvalidConfig invalidValue(String key, String hint) {
        String text = ((ScalarNode) entries.get(key).getValueNode()).getValue();
        return invalid(key, path(key) + " is '" + text + "'.", hint);
    }

    InvalidConfig invalid(String key, String message, String hint) {
        int at = has(key) ? ConfigFile.lineOf(entries.get(key).getKeyNode()) : line;
        return file.invalid(at, message, hint);
    }

    /** An error about the section as a whole. */
    InvalidConfig invalid(String message, String hint) {
        return file.invalid(line, message, hint);
    }

    String path(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    InvalidConfig missing(String key) {
        return file.invalid(line, path(key) + " is missing.", "Add it below " + name() + ".");
    }

    private String name() {
        return path.isEmpty() ? "the file" : path;
    }

    private List<Node> items(String key) {
        if (entries.get(key).getValueNode() instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        throw invalid(key, path(key) + " is not a list.", "Write one \"- \" per item below it.");
    }

    private <T> T value(Node node, String where, Function<String, Optional<T>> reader, String expected) {
        ScalarNode scalar = scalar(node, where, expected);
        return reader.apply(interpolated(scalar, where))
                .orElseThrow(() -> file.invalid(
                        ConfigFile.lineOf(node),
                        where + " is '" + scalar.getValue() + "'.",
                        "Write " + expected + "."));
    }

    private ScalarNode scalar(Node node, String where, String expected) {
        if (node instanceof ScalarNode scalar) {
            return scalar;
        }
        throw file.invalid(ConfigFile.lineOf(node), where + " is not a plain value.", "Write " + expected + ".");
    }

    /** Replaces {@code ${NAME}} by the environment variable, so that one file serves several stages. */
    private String interpolated(ScalarNode scalar, String where) {
        Matcher variables = VARIABLE.matcher(scalar.getValue());
        if (variables.find()) {
            file.asWritten().remember(where, scalar.getValue());
        }
        return variables.replaceAll(match -> {
            String value = file.environment().get(match.group(1));
            if (value == null) {
                throw file.invalid(
                        ConfigFile.lineOf(scalar),
                        where + " needs the environment variable " + match.group(1) + ", which is not set.",
                        "Set it before you call pitstop.");
            }
            return Matcher.quoteReplacement(value);
        });
    }

    private static Optional<String> nonBlank(String text) {
        return text.isBlank() ? Optional.empty() : Optional.of(text);
    }

    private static Optional<String> requestPathOnly(String text) {
        try {
            return text.startsWith("/") && new URI("http://host" + text).getRawFragment() == null
                    ? Optional.of(text)
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static Optional<Integer> wholeNumber(String text) {
        return text.matches("-?\\d{1,9}") ? Optional.of(Integer.valueOf(text)) : Optional.empty();
    }
}
