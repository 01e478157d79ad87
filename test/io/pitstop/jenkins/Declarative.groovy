/**
 * A declarative pipeline, as far as the examples need it: agent, stages, parallel, when, steps, post. A stage's agent
 * surrounds its steps and its post conditions; after a failure the following stages are skipped.
 */
class Declarative implements Serializable {
    static Object run(Object script, Closure body) {
        Section root = new Section(script: script, title: 'pipeline')
        root.read(body)
        return root.inTime { root.inAgent { root.execute() } }
    }
}

// Not nested in Declarative: what a nested class does not know it asks its outer class, never the pipeline.

class Section implements Serializable {
    Object script
    String title
    String label
    Map timeLimit
    boolean branches
    When condition
    List<Section> children = []
    Closure body
    Post conditions

    void read(Closure section) {
        section.delegate = this
        section.resolveStrategy = Closure.DELEGATE_FIRST
        section.call()
    }

    void agent(String keyword) {
        label = keyword == 'none' ? null : ''
    }

    void agent(Closure which) {
        readInto(new AgentSection(section: this), which)
    }

    void stages(Closure section) {
        read(section)
    }

    void parallel(Closure section) {
        branches = true
        read(section)
    }

    void stage(String name, Closure section) {
        Section child = new Section(script: script, title: name)
        children.add(child)
        child.read(section)
    }

    void steps(Closure section) {
        body = section
    }

    void options(Closure section) {
        readInto(new Options(section: this), section)
    }

    void parameters(Closure section) {
        readInto(new Parameters(), section)
    }

    void triggers(Closure section) {
        readInto(new Triggers(), section)
    }

    void when(Closure section) {
        condition = new When()
        readInto(condition, section)
    }

    void post(Closure section) {
        conditions = new Post()
        readInto(conditions, section)
    }

    private void readInto(Object delegate, Closure section) {
        section.delegate = delegate
        section.resolveStrategy = Closure.DELEGATE_FIRST
        section.call()
    }

    Object inTime(Closure work) {
        return timeLimit == null ? work.call() : script.timeout(timeLimit, work)
    }

    /** Where there is an agent, Jenkins checks the sources out before anything else, and tells which they are. */
    Object inAgent(Closure work) {
        if (label == null) {
            return work.call()
        }
        return script.node(label) {
            Map found = script.checkout(script.scm)
            if (found?.GIT_COMMIT) {
                script.env.GIT_COMMIT = found.GIT_COMMIT
            }
            work.call()
        }
    }

    /** A stage whose condition does not hold takes an agent only if the condition is asked there. */
    Object run() {
        if (condition == null) {
            return inAgent { execute() }
        }
        if (condition.beforeAgent) {
            return condition.holds() ? inAgent { execute() } : null
        }
        return inAgent { condition.holds() ? execute() : null }
    }

    Object execute() {
        Throwable failed = null
        try {
            perform()
        } catch (Throwable thrown) {
            failed = thrown
        }
        if (conditions != null) {
            conditions.after(failed)
        }
        if (failed != null) {
            throw failed
        }
        return null
    }

    private Object perform() {
        if (body != null) {
            return body.call()
        }
        Map work = [:]
        for (int i = 0; i < children.size(); i++) {
            Section child = children[i]
            work[child.title] = { script.stage(child.title) { child.run() } }
        }
        if (branches) {
            return script.parallel(work)
        }
        for (int i = 0; i < children.size(); i++) {
            work[children[i].title].call()
        }
        return null
    }
}

class AgentSection implements Serializable {
    Section section

    void label(String name) {
        section.label = name
    }
}

class Options implements Serializable {
    Section section

    void disableConcurrentBuilds() {}

    void disableConcurrentBuilds(Map how) {}

    void timeout(Map limit) {
        section.timeLimit = limit
    }
}

class Parameters implements Serializable {
    void string(Map definition) {}

    void booleanParam(Map definition) {}

    void choice(Map definition) {}
}

class Triggers implements Serializable {
    void cron(String schedule) {}
}

class When implements Serializable {
    boolean beforeAgent
    Closure expression

    void beforeAgent(boolean first) {
        beforeAgent = first
    }

    void expression(Closure condition) {
        expression = condition
    }

    boolean holds() {
        return expression.call() ? true : false
    }
}

class Post implements Serializable {
    Closure whenUnsuccessful
    Closure whenAborted
    Closure atLast

    void unsuccessful(Closure section) {
        whenUnsuccessful = section
    }

    void aborted(Closure section) {
        whenAborted = section
    }

    void always(Closure section) {
        atLast = section
    }

    void after(Throwable failed) {
        if (atLast != null) {
            atLast.call()
        }
        // By its name, because the pipeline does not see the classes of the tests.
        if (whenAborted != null && failed != null && failed.class.simpleName == 'BuildAborted') {
            whenAborted.call()
        }
        if (failed != null && whenUnsuccessful != null) {
            whenUnsuccessful.call()
        }
    }
}
