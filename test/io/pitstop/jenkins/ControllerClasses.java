package io.pitstop.jenkins;

import com.cloudbees.groovy.cps.CpsTransformer;
import com.cloudbees.groovy.cps.TransformerConfiguration;
import groovy.lang.GroovyClassLoader;
import groovy.lang.GroovyCodeSource;
import groovy.lang.Script;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.customizers.ImportCustomizer;

/**
 * One start of a controller: the library's folders, compiled by need and as Jenkins compiles them. The agent's Java
 * classes are out of its sight, because Jenkins copies no Java from a library.
 */
final class ControllerClasses {
    static final String JENKINSFILE = "WorkflowScript";

    private static final Path TEST_SOURCES = Path.of("test/io/pitstop/jenkins");

    /** What Jenkins brings along itself; a restart need not compile it again. */
    private static final GroovyClassLoader JENKINS =
            new GroovyClassLoader(new JavaOfTheAgentHidden(), cps(new CpsTransformer()));

    private static final Class<?> BLOCK_STEPS = parse("BlockSteps");
    private static final Class<?> DECLARATIVE = parse("Declarative");

    private final GroovyClassLoader classes;
    private final Class<?> jenkinsfile;
    private final Map<String, byte[]> compiled;

    /** @param sandboxed whether calls ask {@link Sandbox} first, as those of a library that is not trusted do */
    ControllerClasses(String jenkinsfile, boolean sandboxed) {
        this.compiled = new HashMap<>();
        this.classes = loader(sandboxed, compiled);
        this.jenkinsfile = classes.parseClass(new GroovyCodeSource(jenkinsfile, JENKINSFILE, "/groovy/shell"));
    }

    private ControllerClasses(Map<String, byte[]> compiled, boolean sandboxed) throws ClassNotFoundException {
        this.compiled = compiled;
        this.classes = loader(sandboxed, compiled);
        this.jenkinsfile = classes.loadClass(JENKINSFILE);
    }

    /** The same sources after a restart: other classes of the same names. */
    ControllerClasses restarted(boolean sandboxed) throws ClassNotFoundException {
        return new ControllerClasses(compiled, sandboxed);
    }

    private static GroovyClassLoader loader(boolean sandboxed, Map<String, byte[]> compiled) {
        CpsTransformer transformer = sandboxed ? new SandboxedCps() : new CpsTransformer();
        return library(new CompiledOnce(
                JENKINS, cps(transformer), transformer.getClass().getName(), compiled));
    }

    /** A class loader that reads the same folders without the CPS transformation. */
    static GroovyClassLoader withoutCps() {
        return library(new GroovyClassLoader(new JavaOfTheAgentHidden(), new CompilerConfiguration()));
    }

    GroovyClassLoader loader() {
        return classes;
    }

    static Class<?> blockSteps() {
        return BLOCK_STEPS;
    }

    static Class<?> declarative() {
        return DECLARATIVE;
    }

    /** Whether a class takes the place of one that Jenkins brings along. */
    static boolean isJenkins(Class<?> type) {
        return type.getClassLoader() == DECLARATIVE.getClassLoader()
                || type.getClassLoader() == BLOCK_STEPS.getClassLoader();
    }

    Script jenkinsfile() {
        return instance(jenkinsfile);
    }

    /** A new instance of {@code vars/<name>.groovy}, which must exist. */
    Script variable(String name) {
        try {
            return instance(classes.loadClass(name));
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What a pipeline may write without an import. */
    static CompilerConfiguration language() {
        CompilerConfiguration language = new CompilerConfiguration();
        ImportCustomizer imports = new ImportCustomizer();
        imports.addStarImports("com.cloudbees.groovy.cps");
        imports.addImports(Library.class.getName());
        language.addCompilationCustomizers(imports);
        language.setScriptBaseClass(PipelineScript.class.getName());
        return language;
    }

    private static CompilerConfiguration cps(CpsTransformer transformer) {
        CompilerConfiguration language = language();
        transformer.setConfiguration(new TransformerConfiguration());
        language.addCompilationCustomizers(transformer);
        return language;
    }

    private static GroovyClassLoader library(GroovyClassLoader loader) {
        for (String folder : List.of("src", "vars")) {
            try {
                loader.addURL(Path.of(folder).toUri().toURL());
            } catch (MalformedURLException e) {
                throw new UncheckedIOException(e);
            }
        }
        return loader;
    }

    private static Class<?> parse(String name) {
        try {
            String source = Files.readString(TEST_SOURCES.resolve(name + ".groovy"));
            return JENKINS.parseClass(new GroovyCodeSource(source, name, "/groovy/shell"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Script instance(Class<?> script) {
        try {
            return (Script) script.getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class JavaOfTheAgentHidden extends ClassLoader {
        JavaOfTheAgentHidden() {
            super(ControllerClasses.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            // The harness itself shares its package with Agent.groovy, beside which there is no Java.
            if (name.startsWith("io.pitstop.") && !name.startsWith("io.pitstop.jenkins.")) {
                throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
        }
    }
}
