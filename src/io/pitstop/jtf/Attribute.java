package io.pitstop.jtf;

/**
 * One value of a resource.
 *
 * @param path where it is in the resource, such as {@code tags.Colour} or {@code forward[0].weight}
 * @param changed whether it is another one afterwards; also told of a value that is not told itself
 * @param forcesReplacement whether its change is why the resource is made anew
 */
public record Attribute(String path, Value before, Value after, boolean changed, boolean forcesReplacement) {
    /** {@code path before -> after}, on one line. */
    @Override
    public String toString() {
        return path + " " + before + " -> " + after;
    }
}
