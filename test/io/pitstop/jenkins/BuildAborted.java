package io.pitstop.jenkins;

/** What a step ends with when somebody stops the build; in Jenkins a FlowInterruptedException. */
public final class BuildAborted extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BuildAborted(String message) {
        super(message);
    }
}
