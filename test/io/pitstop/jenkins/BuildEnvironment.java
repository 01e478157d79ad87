package io.pitstop.jenkins;

import groovy.lang.GroovyObjectSupport;
import java.io.Serializable;
import java.util.TreeMap;

/** The variable {@code env}: read and set by property only, as the sandbox demands; what is not there is null. On a node it has its name. */
@StandsFor("org.jenkinsci.plugins.workflow.cps.EnvActionImpl")
public final class BuildEnvironment extends GroovyObjectSupport implements Serializable {
    private static final long serialVersionUID = 1L;

    private final TreeMap<String, String> variables = new TreeMap<>();

    @Override
    public Object getProperty(String name) {
        return name.equals("NODE_NAME") ? CpsWorld.current().nodeName() : variables.get(name);
    }

    /** As Jenkins does it: every value becomes a text, even null. */
    @Override
    public void setProperty(String name, Object value) {
        variables.put(name, String.valueOf(value));
    }
}
