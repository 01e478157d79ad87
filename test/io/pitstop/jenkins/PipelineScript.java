package io.pitstop.jenkins;

import groovy.lang.Binding;
import groovy.lang.MissingPropertyException;
import groovy.lang.Script;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.Map;
import org.codehaus.groovy.runtime.InvokerHelper;

/** Base class of a Jenkinsfile and of the scripts in vars/: what they do not know is a step or another of vars/. */
public abstract class PipelineScript extends Script implements Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public Object getProperty(String name) {
        try {
            return super.getProperty(name);
        } catch (MissingPropertyException missing) {
            return CpsWorld.current().libraryVariable(this, name).orElseThrow(() -> missing);
        }
    }

    @Override
    public Object invokeMethod(String name, Object arguments) {
        CpsWorld world = CpsWorld.current();
        return world.libraryVariable(this, name)
                .map(variable -> InvokerHelper.invokeMethod(variable, "call", arguments))
                .orElseGet(() -> world.step(this, name, (Object[]) arguments));
    }

    private void writeObject(ObjectOutputStream out) throws IOException {
        // The map itself, so that all scripts of a build share one again afterwards.
        out.writeObject(getBinding().getVariables());
    }

    private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
        setBinding(new Binding((Map<?, ?>) in.readObject()));
    }
}
