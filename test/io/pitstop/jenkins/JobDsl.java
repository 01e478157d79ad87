package io.pitstop.jenkins;

import groovy.lang.Closure;
import groovy.lang.GroovyObjectSupport;
import groovy.lang.GroovyShell;
import groovy.lang.MissingMethodException;
import groovy.lang.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.codehaus.groovy.control.CompilerConfiguration;

/**
 * A record of what a Job DSL script asks for. It has the methods of the Job DSL plugin that our script uses, each only
 * in the block where the plugin has it, as its API viewer documents them; what they would create is not tried.
 */
public final class JobDsl extends GroovyObjectSupport {
    // spotless:off: a table is easier to read in columns
    private static final Map<String, Set<String>> METHODS = Map.ofEntries(
            Map.entry("script",                       Set.of("folder", "pipelineJob", "multibranchPipelineJob")),
            Map.entry("folder",                       Set.of("description")),
            Map.entry("pipelineJob",                  Set.of("description", "definition")),
            Map.entry("definition",                   Set.of("cpsScm")),
            Map.entry("cpsScm",                       Set.of("scm", "scriptPath", "lightweight")),
            Map.entry("scm",                          Set.of("git")),
            Map.entry("scm.git",                      Set.of("remote", "branch")),
            Map.entry("remote",                       Set.of("url", "credentials")),
            Map.entry("multibranchPipelineJob",       Set.of("description", "branchSources", "factory", "orphanedItemStrategy")),
            Map.entry("branchSources",                Set.of("git")),
            Map.entry("branchSources.git",            Set.of("id", "remote", "credentialsId")),
            Map.entry("factory",                      Set.of("workflowBranchProjectFactory")),
            Map.entry("workflowBranchProjectFactory", Set.of("scriptPath")),
            Map.entry("orphanedItemStrategy",         Set.of("discardOldItems")),
            Map.entry("discardOldItems",              Set.of("numToKeep")));
    // spotless:on

    /** One call: where it was made, its name, and its argument that is no block. */
    private record Call(String within, String method, Object argument) {}

    private final List<Call> calls;
    private final String within;

    private JobDsl(List<Call> calls, String within) {
        this.calls = calls;
        this.within = within;
    }

    /** Runs a script; a method that is unknown where it is called is a {@link MissingMethodException}. */
    static JobDsl run(String source) {
        JobDsl record = new JobDsl(new ArrayList<>(), "script");
        CompilerConfiguration language = new CompilerConfiguration();
        language.setScriptBaseClass(ScriptOfJobs.class.getName());
        ScriptOfJobs script =
                (ScriptOfJobs) new GroovyShell(JobDsl.class.getClassLoader(), language).parse(source, "jobs.groovy");
        script.jobs = record;
        script.run();
        return record;
    }

    /** The arguments of all calls of one method, in order, as text. */
    List<String> values(String method) {
        return calls.stream()
                .filter(call -> call.method().equals(method) && call.argument() != null)
                .map(call -> call.argument().toString())
                .toList();
    }

    @Override
    public Object invokeMethod(String name, Object given) {
        Object[] arguments = (Object[]) given;
        if (!METHODS.getOrDefault(within, Set.of()).contains(name)) {
            throw new MissingMethodException(name + " in " + within, JobDsl.class, arguments);
        }
        boolean isBlock = arguments[arguments.length - 1] instanceof Closure<?>;
        calls.add(new Call(within, name, arguments.length > 1 || !isBlock ? arguments[0] : null));
        if (isBlock) {
            String inner = METHODS.containsKey(within + "." + name) ? within + "." + name : name;
            Closure<?> block = (Closure<?>) arguments[arguments.length - 1];
            block.setDelegate(new JobDsl(calls, inner));
            block.setResolveStrategy(Closure.DELEGATE_FIRST);
            block.call();
        }
        return null;
    }

    /** Base class of a script of jobs. */
    public abstract static class ScriptOfJobs extends Script {
        private JobDsl jobs;

        @Override
        public Object invokeMethod(String name, Object arguments) {
            return jobs.invokeMethod(name, arguments);
        }
    }
}
