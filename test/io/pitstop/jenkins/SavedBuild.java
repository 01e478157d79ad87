package io.pitstop.jenkins;

import com.cloudbees.groovy.cps.Continuable;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.ObjectStreamClass;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A running pipeline on its controller's disk. */
final class SavedBuild {
    private final byte[] bytes;

    private SavedBuild(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Fails, naming class and line, if the pipeline holds something that cannot be saved. */
    static SavedBuild of(Continuable pipeline) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(pipeline);
        } catch (NotSerializableException e) {
            String place = pipeline.getStackTrace().stream()
                    .map(frame -> "\n    at " + frame)
                    .collect(Collectors.joining());
            throw new AssertionError("The build cannot survive a restart here: " + e.getMessage() + place, e);
        }
        return new SavedBuild(bytes.toByteArray());
    }

    Continuable loadWith(ClassLoader classes) throws IOException, ClassNotFoundException {
        try (ObjectInputStream in = new CompiledAnew(new ByteArrayInputStream(bytes), classes)) {
            return (Continuable) in.readObject();
        }
    }

    /** Groovy gives each class a field with the time of its compilation, so serialVersionUIDs never agree. */
    private static final class CompiledAnew extends ObjectInputStream {
        private final ClassLoader classes;

        CompiledAnew(InputStream in, ClassLoader classes) throws IOException {
            super(in);
            this.classes = classes;
        }

        @Override
        protected Class<?> resolveClass(ObjectStreamClass saved) throws IOException, ClassNotFoundException {
            return isPrimitive(saved) ? super.resolveClass(saved) : Class.forName(saved.getName(), false, classes);
        }

        @Override
        protected ObjectStreamClass readClassDescriptor() throws IOException, ClassNotFoundException {
            ObjectStreamClass saved = super.readClassDescriptor();
            ObjectStreamClass compiled = isPrimitive(saved) ? null : ObjectStreamClass.lookup(resolveClass(saved));
            return compiled == null || compiled.getSerialVersionUID() == saved.getSerialVersionUID() ? saved : compiled;
        }

        private static boolean isPrimitive(ObjectStreamClass saved) {
            return Arrays.asList("boolean", "byte", "char", "double", "float", "int", "long", "short", "void")
                    .contains(saved.getName());
        }
    }
}
