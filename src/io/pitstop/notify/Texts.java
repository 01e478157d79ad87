package io.pitstop.notify;

/** Texts that have to fit in. */
final class Texts {
    private Texts() {}

    /** @param longest in characters, at least 3 */
    static String cut(String text, int longest) {
        return text.length() <= longest ? text : text.substring(0, longest - 3) + "...";
    }
}
