package io.pitstop.jenkins;

import java.io.Serializable;

/** The variable {@code currentBuild}, as far as the library looks at it. */
@StandsFor("org.jenkinsci.plugins.workflow.support.steps.build.RunWrapper")
public final class BuildRun implements Serializable {
    private static final long serialVersionUID = 1L;

    private String description;
    private String result;

    public String getDescription() {
        return description;
    }

    public void setDescription(String description) {
        this.description = description;
    }

    /** Null while nothing has gone wrong. */
    public String getResult() {
        return result;
    }

    public void setResult(String result) {
        this.result = result;
    }

    public String getCurrentResult() {
        return result == null ? "SUCCESS" : result;
    }
}
