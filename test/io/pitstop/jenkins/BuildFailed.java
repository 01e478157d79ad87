package io.pitstop.jenkins;

/** What the {@code error} step throws; a build that ends with it failed on purpose. */
public final class BuildFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BuildFailed(String message) {
        super(message);
    }
}
