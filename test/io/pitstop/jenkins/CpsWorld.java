package io.pitstop.jenkins;

import com.cloudbees.groovy.cps.Continuable;
import com.cloudbees.groovy.cps.Envs;
import com.cloudbees.groovy.cps.Outcome;
import com.cloudbees.groovy.cps.impl.CpsCallableInvocation;
import com.cloudbees.groovy.cps.sandbox.SandboxInvoker;
import groovy.lang.Closure;
import groovy.lang.Script;
import io.pitstop.jenkins.StepCall.Phase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.codehaus.groovy.runtime.InvokerHelper;

/**
 * A controller that, if asked to, restarts whenever its pipeline waits: at each step the pipeline is saved, all
 * classes are loaded anew, and the pipeline is loaded and goes on. Calls that the CPS transformation would get wrong without
 * a word fail the run in any case.
 */
public final class CpsWorld {
    private static final ThreadLocal<CpsWorld> CURRENT = new ThreadLocal<>();

    private final String jenkinsfile;
    private final Map<String, Function<StepCall, Object>> steps = new LinkedHashMap<>();
    private final Map<String, Object> variables = new LinkedHashMap<>();
    private final List<Made> made = new ArrayList<>();
    private final Deque<String> open = new ArrayDeque<>();
    private final List<String> mismatches = new ArrayList<>();
    private final Sandbox sandbox = new Sandbox();
    private boolean sandboxed = true;
    private boolean restarting;
    private int restarts;
    private ControllerClasses classes;

    /** A step that was made, and the steps whose bodies it was made in, outermost first. */
    public record Made(StepCall call, List<String> within) {}

    public CpsWorld(String jenkinsfile) {
        this.jenkinsfile = jenkinsfile;
        for (String block : List.of("node", "stage", "timeout", "withCredentials", "script")) {
            on(block, call -> null);
        }
        on("echo", call -> null);
        on("checkout", call -> null);
        on("sleep", call -> null);
        on("archiveArtifacts", call -> null);
        on("libraryResource", call -> resource((String) call.argument()));
        on("usernamePassword", StepCall::argument);
        on("agent", call -> "agent");
        on("nonresumable", call -> "nonresumable");
        for (String definition : List.of("properties", "parameters", "string", "disableConcurrentBuilds")) {
            on(definition, call -> null);
        }
        on("error", call -> {
            throw new BuildFailed(String.valueOf(call.argument()));
        });
        variables.put("any", "any");
        variables.put("none", "none");
        variables.put("scm", "scm");
        variables.put("env", new BuildEnvironment());
        variables.put("currentBuild", new BuildRun());
    }

    /**
     * What a step returns, or the {@link BuildFailed} that it throws. A step with a body is asked at both its ends; a
     * step that nobody answers for is a NoSuchMethodError in these very words, as it is in Jenkins.
     */
    public CpsWorld on(String step, Function<StepCall, Object> answer) {
        steps.put(step, answer);
        return this;
    }

    /** A variable such as {@code params}; its value must be serializable. */
    public CpsWorld variable(String name, Object value) {
        variables.put(name, value);
        return this;
    }

    /** Restarts the controller at every step from now on. */
    public CpsWorld restarting() {
        restarting = true;
        return this;
    }

    /** Lets the pipeline call what it likes, as a library that an administrator trusts may. */
    public CpsWorld trusted() {
        sandboxed = false;
        return this;
    }

    /** Runs the pipeline to its end and returns its value or throws what it throws. */
    public Object run() throws Throwable {
        CpsWorld outer = CURRENT.get();
        CURRENT.set(this);
        listenForMismatches();
        sandbox.register();
        try {
            Object result = runFromStart();
            if (!mismatches.isEmpty()) {
                throw new AssertionError("Calls that do not do what they say under CPS: " + mismatches);
            }
            return result;
        } finally {
            sandbox.unregister();
            CURRENT.set(outer);
            if (outer == null) {
                CpsCallableInvocation.registerMismatchHandler(null);
            } else {
                outer.listenForMismatches();
            }
        }
    }

    public int restarts() {
        return restarts;
    }

    public List<Made> made() {
        return made;
    }

    /** The steps of one name that were made, without the ends of bodies. */
    public List<Made> made(String step) {
        return made.stream()
                .filter(one -> one.call().name().equals(step) && one.call().phase() != Phase.EXIT)
                .toList();
    }

    static CpsWorld current() {
        return CURRENT.get();
    }

    /** Null outside of a node. */
    String nodeName() {
        return open.contains("node") ? "node-1" : null;
    }

    /** The script {@code vars/<name>.groovy}, one for a build. */
    Optional<Object> libraryVariable(Script caller, String name) {
        if (!Files.exists(Path.of("vars", name + ".groovy"))) {
            return Optional.empty();
        }
        if (!caller.getBinding().hasVariable(name)) {
            Script variable = classes.variable(name);
            variable.setBinding(caller.getBinding());
            caller.getBinding().setVariable(name, variable);
        }
        return Optional.of(caller.getBinding().getVariable(name));
    }

    Object step(Script caller, String name, Object[] arguments) {
        List<Object> values = new ArrayList<>(Arrays.asList(arguments));
        Object last = values.isEmpty() ? null : values.get(values.size() - 1);
        if (name.equals("pipeline")) {
            return InvokerHelper.invokeStaticMethod(
                    ControllerClasses.declarative(), "run", new Object[] {caller, last});
        }
        if (name.equals("parallel")) {
            return InvokerHelper.invokeStaticMethod(ControllerClasses.blockSteps(), "parallel", last);
        }
        if (List.of("retry", "catchError").contains(name)) {
            return InvokerHelper.invokeStaticMethod(ControllerClasses.blockSteps(), name, arguments);
        }
        if (!steps.containsKey(name)) {
            throw new NoSuchMethodError("No such DSL method '" + name + "' found among steps " + steps.keySet());
        }
        if (!(last instanceof Closure)) {
            return Continuable.suspend(name, new StepCall(name, values, Phase.WHOLE));
        }
        values.remove(values.size() - 1);
        StepCall enter = new StepCall(name, values, Phase.ENTER);
        StepCall exit = new StepCall(name, values, Phase.EXIT);
        return InvokerHelper.invokeStaticMethod(
                ControllerClasses.blockSteps(), "run", new Object[] {enter, exit, last});
    }

    private static String resource(String path) {
        try {
            return Files.readString(Path.of("resources", path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Object runFromStart() throws Throwable {
        classes = new ControllerClasses(jenkinsfile, sandboxed);
        Script main = classes.jenkinsfile();
        variables.forEach(main.getBinding()::setVariable);
        Continuable pipeline = new Continuable(main, sandboxed ? Envs.empty(new SandboxInvoker()) : Envs.empty());
        Outcome answer = new Outcome(null, null);
        while (true) {
            Outcome outcome = pipeline.run0(answer, Continuable.categories);
            if (outcome.isFailure()) {
                throw outcome.getAbnormal();
            }
            if (!pipeline.isResumable()) {
                return outcome.getNormal();
            }
            StepCall call = (StepCall) outcome.getNormal();
            pipeline = restarting ? restarted(pipeline) : pipeline;
            answer = perform(call);
        }
    }

    private Continuable restarted(Continuable pipeline) throws IOException, ClassNotFoundException {
        SavedBuild saved = SavedBuild.of(pipeline);
        classes = classes.restarted(sandboxed);
        restarts++;
        return saved.loadWith(classes.loader());
    }

    private Outcome perform(StepCall call) {
        if (call.phase() == Phase.EXIT) {
            open.removeLast();
        }
        made.add(new Made(call, List.copyOf(open)));
        try {
            Object answer = steps.get(call.name()).apply(call);
            if (call.phase() == Phase.ENTER) {
                open.addLast(call.name());
            }
            return new Outcome(answer, null);
        } catch (BuildFailed | BuildAborted | NodeLost | NoSuchMethodError failed) {
            return new Outcome(null, failed);
        }
    }

    private void listenForMismatches() {
        CpsCallableInvocation.registerMismatchHandler((receiver, expected, actualReceiver, actual) -> {
            boolean ownBlock = actualReceiver == ControllerClasses.blockSteps()
                    || actualReceiver == ControllerClasses.declarative();
            boolean libraryVariable = actualReceiver instanceof PipelineScript && actual.equals("call");
            if (!ownBlock && !libraryVariable) {
                mismatches.add("expected " + expected + ", got " + actual);
            }
        });
    }
}
