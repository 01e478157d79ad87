package io.pitstop.cli.output;

import io.pitstop.error.InvalidConfig;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The version of the Jenkins library that started us, if one did. It and the agent know the same steps, options and
 * results if the first two numbers of their versions are the same.
 */
public final class LibraryVersion {
    static final String VARIABLE = "PITSTOP_LIBRARY";

    private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+(\\..*)?");

    private LibraryVersion() {}

    /**
     * Returns if no library started us or one that fits.
     *
     * @param agent our version; one that was not packaged fits every library
     * @throws InvalidConfig saying which of the two to update
     */
    public static void requireFit(Map<String, String> environment, String agent) {
        String library = environment.getOrDefault(VARIABLE, agent);
        if (!VERSION.matcher(agent).matches() || numbers(library).equals(numbers(agent))) {
            return;
        }
        throw new InvalidConfig(
                "The Jenkins library is version " + library + " and the agent on this node is version " + agent
                        + ": they do not fit.",
                isOlder(agent, library)
                        ? "Update the agent on the node to a version " + numbers(library) + "."
                        : "Update the library in Jenkins to a version " + numbers(agent) + ".");
    }

    /** The first two numbers, such as 1.4. */
    private static String numbers(String version) {
        if (!VERSION.matcher(version).matches()) {
            throw new InvalidConfig(
                    VARIABLE + " is '" + version + "', which is no version.",
                    "Leave it to the Jenkins library to set it.");
        }
        String[] parts = version.split("\\.");
        return parts[0] + "." + parts[1];
    }

    private static boolean isOlder(String version, String other) {
        return Arrays.compare(parts(version), parts(other)) < 0;
    }

    private static int[] parts(String version) {
        return Arrays.stream(numbers(version).split("\\."))
                .mapToInt(Integer::parseInt)
                .toArray();
    }
}
