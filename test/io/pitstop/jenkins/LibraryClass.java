package io.pitstop.jenkins;

import groovy.lang.GroovyClassLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.codehaus.groovy.runtime.InvokerHelper;

/** What a class of the library says of itself, for tests that compare it with something else. */
public final class LibraryClass {
    private LibraryClass() {}

    /** The value of a constant of {@code src/io/pitstop/jenkins/<name>.groovy}. */
    @SuppressWarnings("unchecked")
    public static <T> T constant(String name, String constant) {
        try (GroovyClassLoader classes = ControllerClasses.withoutCps()) {
            return (T) InvokerHelper.getProperty(classes.loadClass("io.pitstop.jenkins." + name), constant);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
