package io.pitstop.jenkins;

import groovy.lang.Closure;
import groovy.lang.GroovyClassLoader;
import groovy.lang.Script;
import java.lang.reflect.Executable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.codehaus.groovy.runtime.DefaultGroovyMethods;
import org.codehaus.groovy.runtime.EncodingGroovyMethods;
import org.codehaus.groovy.runtime.MetaClassHelper;
import org.codehaus.groovy.runtime.ScriptBytecodeAdapter;
import org.codehaus.groovy.runtime.StringGroovyMethods;
import org.kohsuke.groovy.sandbox.GroovyInterceptor;

/**
 * The sandbox of script-security around a pipeline: a call that no line of {@code sandbox-rules.txt} allows ends the
 * test. Pipeline steps and classes of the pipeline itself are free, as they are in Jenkins.
 */
final class Sandbox extends GroovyInterceptor {
    private static final List<Class<?>> EXTENSIONS =
            List.of(DefaultGroovyMethods.class, StringGroovyMethods.class, EncodingGroovyMethods.class);

    /** Arithmetic of numbers has no method that a rule could name. */
    private static final Set<String> ARITHMETIC =
            Set.of("plus", "minus", "multiply", "div", "compareTo", "or", "and", "xor", "intdiv", "mod", "leftShift");

    private final SandboxRules rules = SandboxRules.read();

    @Override
    public Object onMethodCall(Invoker invoker, Object receiver, String method, Object... arguments) throws Throwable {
        boolean free = isFree(receiver) && !(receiver instanceof Class<?>);
        if (!free && !isArithmetic(receiver, method)) {
            List<Executable> called = CallSites.methods(receiver, method, arguments);
            for (Class<?> extension : called.isEmpty() ? EXTENSIONS : List.<Class<?>>of()) {
                called.addAll(CallSites.extensionMethods(extension, method, receiver, arguments));
            }
            if (called.isEmpty() && receiver instanceof Map<?, ?> map && map.get(method) instanceof Closure<?> body) {
                return onMethodCall(invoker, body, "call", arguments);
            }
            demand(receiver.getClass(), called, method);
        }
        return super.onMethodCall(invoker, receiver, method, arguments);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Object onStaticCall(Invoker invoker, Class receiver, String method, Object... arguments) throws Throwable {
        if (!isOurs(receiver) && !isHarmlessCast(receiver, method, arguments)) {
            demand(receiver, CallSites.staticMethods(receiver, method, arguments), method);
        }
        return super.onStaticCall(invoker, receiver, method, arguments);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Object onNewInstance(Invoker invoker, Class receiver, Object... arguments) throws Throwable {
        // workflow-cps lets everybody make the text of an interpolated string.
        if (!isOurs(receiver)
                && receiver != PipelineScript.class
                && receiver != org.codehaus.groovy.runtime.GStringImpl.class) {
            demand(receiver, CallSites.constructors(receiver, arguments), "<init>");
        }
        return super.onNewInstance(invoker, receiver, arguments);
    }

    @Override
    public Object onGetProperty(Invoker invoker, Object receiver, String property) throws Throwable {
        if (!isFree(receiver) && !CallSites.hasField(receiver, property, Sandbox::isOurs)) {
            List<Executable> called = CallSites.methods(receiver, "get" + MetaClassHelper.capitalize(property));
            if (called.isEmpty()) {
                called.addAll(CallSites.methods(receiver, "is" + MetaClassHelper.capitalize(property)));
            }
            if (called.isEmpty()) {
                called.addAll(CallSites.methods(receiver, "getProperty", property));
            }
            demand(receiver.getClass(), called, property);
        }
        return super.onGetProperty(invoker, receiver, property);
    }

    @Override
    public Object onSetProperty(Invoker invoker, Object receiver, String property, Object value) throws Throwable {
        if (!isFree(receiver) && !CallSites.hasField(receiver, property, Sandbox::isOurs)) {
            List<Executable> called = CallSites.methods(receiver, "set" + MetaClassHelper.capitalize(property), value);
            if (called.isEmpty()) {
                called.addAll(CallSites.methods(receiver, "setProperty", property, value));
            }
            demand(receiver.getClass(), called, property);
        }
        return super.onSetProperty(invoker, receiver, property, value);
    }

    @Override
    public Object onGetAttribute(Invoker invoker, Object receiver, String attribute) throws Throwable {
        demandOurs(receiver, attribute);
        return super.onGetAttribute(invoker, receiver, attribute);
    }

    @Override
    public Object onSetAttribute(Invoker invoker, Object receiver, String attribute, Object value) throws Throwable {
        demandOurs(receiver, attribute);
        return super.onSetAttribute(invoker, receiver, attribute, value);
    }

    @Override
    public Object onGetArray(Invoker invoker, Object receiver, Object index) throws Throwable {
        boolean array = receiver.getClass().isArray() && index instanceof Integer;
        return array ? super.onGetArray(invoker, receiver, index) : element(invoker, receiver, "getAt", index);
    }

    @Override
    public Object onSetArray(Invoker invoker, Object receiver, Object index, Object value) throws Throwable {
        boolean array = receiver.getClass().isArray() && index instanceof Integer;
        return array
                ? super.onSetArray(invoker, receiver, index, value)
                : element(invoker, receiver, "putAt", index, value);
    }

    private Object element(Invoker invoker, Object receiver, String method, Object... arguments) throws Throwable {
        return onMethodCall(invoker, receiver, method, arguments);
    }

    private void demandOurs(Object receiver, String attribute) {
        if (!isFree(receiver) && !CallSites.hasField(receiver, attribute, Sandbox::isOurs)) {
            throw rejected(receiver.getClass().getName() + ".@" + attribute);
        }
    }

    private void demand(Class<?> receiver, List<Executable> called, String name) {
        if (called.stream().anyMatch(one -> isOurs(one.getDeclaringClass()))) {
            return;
        }
        if (called.isEmpty()) {
            throw rejected(receiver.getName() + "." + name);
        }
        List<String> asked = new ArrayList<>();
        called.forEach(one -> asked.add(SandboxRules.of(one, receiver)));
        if (asked.stream().noneMatch(rules::allow)) {
            throw rejected(String.join(" or ", asked));
        }
    }

    /** Steps and variables, which Jenkins serves itself, and what our own classes have of their own. */
    private static boolean isFree(Object receiver) {
        return receiver instanceof Script
                || receiver instanceof Class<?> type && isOurs(type)
                || ControllerClasses.isJenkins(receiver.getClass());
    }

    /** Of a value to its own type, to a text or to a number: Jenkins lets pass what calls no constructor. */
    private static boolean isHarmlessCast(Class<?> receiver, String method, Object... arguments) {
        return receiver == ScriptBytecodeAdapter.class
                && (method.equals("asType") || method.equals("castToType"))
                && arguments[1] instanceof Class<?> type
                && (List.of(String.class, String[].class, Object[].class).contains(type)
                        || type.isPrimitive() && type != boolean.class
                        || arguments[0] == null
                        || type.isInstance(arguments[0]));
    }

    private static boolean isArithmetic(Object receiver, String method) {
        return receiver instanceof Number && ARITHMETIC.contains(method);
    }

    private static boolean isOurs(Class<?> type) {
        return type.getClassLoader() instanceof GroovyClassLoader;
    }

    private static boolean isSource(String file) {
        return file.endsWith(".groovy") || file.equals("WorkflowScript");
    }

    private static AssertionError rejected(String call) {
        String place = StackWalker.getInstance()
                .walk(frames -> frames.filter(
                                frame -> String.valueOf(frame.getFileName()).endsWith(".groovy"))
                        .findFirst())
                .map(frame -> " at " + frame.getFileName() + ":" + frame.getLineNumber())
                .orElse("");
        return new AssertionError("The sandbox would reject" + place + ": " + call + ". Use a call that "
                + SandboxRules.TABLE + " lists, or, if script-security allows this one, add its rule there.");
    }
}
