package io.pitstop.jenkins;

import groovy.lang.GroovyClassLoader;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.codehaus.groovy.ast.ClassNode;
import org.codehaus.groovy.control.CompilationUnit;
import org.codehaus.groovy.control.CompilerConfiguration;
import org.codehaus.groovy.control.SourceUnit;

/**
 * The class loader of one start of a controller. All of its classes are its own, as after a restart, but the byte code
 * that another start has compiled from the same sources is not compiled again: that would take most of a test's time.
 */
final class CompiledOnce extends GroovyClassLoader {
    private static final Map<String, byte[]> LIBRARY = new ConcurrentHashMap<>();

    private final String prefix;
    private final Map<String, byte[]> jenkinsfile;

    /**
     * @param kind of compilation, which the same sources are not to be mixed of
     * @param jenkinsfile filled with the classes of the Jenkinsfile
     */
    CompiledOnce(ClassLoader parent, CompilerConfiguration language, String kind, Map<String, byte[]> jenkinsfile) {
        super(parent, language);
        this.prefix = kind + " ";
        this.jenkinsfile = jenkinsfile;
    }

    @Override
    public Class<?> loadClass(String name, boolean lookupSource, boolean preferClass, boolean resolve)
            throws ClassNotFoundException {
        if (name.endsWith("BeanInfo") || name.endsWith("Customizer")) {
            // Groovy asks for these with every class; that there are none takes long to find out.
            throw new ClassNotFoundException(name);
        }
        Class<?> loaded = getClassCacheEntry(name);
        byte[] compiled = jenkinsfile.getOrDefault(name, LIBRARY.get(prefix + name));
        if (loaded == null && compiled != null) {
            Class<?> defined = defineClass(name, compiled);
            setClassCacheEntry(defined);
            return defined;
        }
        return super.loadClass(name, lookupSource, preferClass, resolve);
    }

    @Override
    protected ClassCollector createCollector(CompilationUnit unit, SourceUnit source) {
        return new Collector(new InnerLoader(this), unit, source);
    }

    private final class Collector extends ClassCollector {
        Collector(InnerLoader loader, CompilationUnit unit, SourceUnit source) {
            super(loader, unit, source);
        }

        @Override
        protected Class<?> createClass(byte[] code, ClassNode type) {
            if (type.getModule().getContext().getName().equals(ControllerClasses.JENKINSFILE)) {
                jenkinsfile.put(type.getName(), code);
            } else {
                LIBRARY.put(prefix + type.getName(), code);
            }
            return super.createClass(code, type);
        }
    }
}
