package io.pitstop.jenkins

/** Nodes with the sources of a build: whatever node it gets, they are those that it had on the first. */
class Workplace implements Serializable {
    private static final long serialVersionUID = 1L

    private final Object script
    private final String label
    private final String stash
    private String commit

    /**
     * @param script what the pipeline's own steps are called on
     * @param parameters {@code label} of the nodes; {@code stash}, or {@code commit} of what the job is configured with,
     *     without which it is that of the first node
     */
    Workplace(Object script, Map parameters) {
        this.script = script
        this.label = (parameters.label ?: '').toString()
        this.stash = parameters.stash?.toString()
        this.commit = parameters.commit?.toString()
    }

    /** Runs {@code body} on a node, in a workspace with the sources; returns its value. */
    Object run(Closure body) {
        return script.node(label) {
            bringSources()
            return body()
        }
    }

    private void bringSources() {
        if (stash != null) {
            script.unstash(stash)
            return
        }
        Map found = script.checkout(script.scm)
        if (commit == null) {
            commit = found?.GIT_COMMIT
        } else if (found?.GIT_COMMIT != commit) {
            // Somebody pushed since: what was checked and approved goes on, not what came later.
            script.sh(label: 'go on with the commit of this build', script: "git checkout --detach ${commit}".toString())
        }
    }
}
