package io.pitstop.jtf;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One resource, and what happens to it.
 *
 * @param address as Terraform writes it, such as {@code module.app.aws_ecs_service.this[0]}
 * @param type of the resource, such as {@code aws_ecs_service}
 * @param attributes all its values, those too that stay as they are
 */
public record Change(String address, String type, Action action, List<Attribute> attributes) {
    private static final int MOST_SHOWN = 8;
    private static final int LONGEST_SHOWN = 120;

    public Change {
        attributes = List.copyOf(attributes);
    }

    /** The values that are others afterwards. */
    public List<Attribute> changed() {
        return attributes.stream().filter(Attribute::changed).toList();
    }

    /** One line for people, such as {@code ~ update aws_ecs_service.app: task_definition}. */
    public String line() {
        List<String> paths =
                switch (action) {
                    case UPDATE -> changed().stream().map(Attribute::path).toList();
                    case REPLACE -> changed().stream()
                            .filter(Attribute::forcesReplacement)
                            .map(Attribute::path)
                            .toList();
                    default -> List.<String>of();
                };
        return action + " " + address + (paths.isEmpty() ? "" : ": " + joined(paths));
    }

    /** What changes from what to what, as far as it is short enough for one line; nothing for what comes or goes as a whole. */
    public String details() {
        if (action != Action.UPDATE && action != Action.REPLACE) {
            return "";
        }
        return joined(changed().stream().map(Change::shortened).toList());
    }

    /** SHA-256, hexadecimal, of all that is told of it: another plan with the same fingerprint does the same. */
    public String fingerprint() {
        String text = changed().stream().map(Attribute::toString).sorted().collect(Collectors.joining("\n"));
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256")
                            .digest((action + "\n" + address + "\n" + type + "\n" + text)
                                    .getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static String shortened(Attribute attribute) {
        String text = attribute.toString();
        return text.length() <= LONGEST_SHOWN ? text : attribute.path();
    }

    private static String joined(List<String> parts) {
        String shown = parts.stream().limit(MOST_SHOWN).collect(Collectors.joining(", "));
        return parts.size() > MOST_SHOWN ? shown + " and " + (parts.size() - MOST_SHOWN) + " more" : shown;
    }
}
