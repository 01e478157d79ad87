package io.pitstop.http;

/** What a header can hold. The JDK's client refuses the rest with the value in its message, which may be a secret. */
public final class HeaderValue {
    private HeaderValue() {}

    /** True if it is one word of visible ASCII, as keys and tokens are. */
    public static boolean isWord(String text) {
        return !text.isEmpty() && text.chars().allMatch(letter -> letter > ' ' && letter < 127);
    }
}
