package io.pitstop.jenkins;

import groovy.lang.GString;
import java.lang.reflect.Executable;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.codehaus.groovy.reflection.ReflectionCache;

/**
 * Which declarations a dynamic call may mean, most general type first: {@code method java.util.Map get} rather than
 * {@code method java.util.LinkedHashMap get}, because that is the one that rules name.
 */
final class CallSites {
    private CallSites() {}

    static List<Executable> methods(Object receiver, String name, Object... arguments) {
        Set<Class<?>> types = new LinkedHashSet<>();
        collectTypes(types, receiver.getClass());
        if (receiver instanceof GString) {
            types.add(String.class); // what an interpolated string cannot do itself, its text does
        }
        for (Class<?> type : types) {
            List<Executable> found = declared(type, name, arguments);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return new ArrayList<>();
    }

    static List<Executable> extensionMethods(Class<?> extension, String name, Object receiver, Object... arguments) {
        Object[] all = new Object[arguments.length + 1];
        all[0] = receiver;
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return staticMethods(extension, name, all);
    }

    static List<Executable> staticMethods(Class<?> type, String name, Object... arguments) {
        return declared(type, name, arguments).stream()
                .filter(method -> Modifier.isStatic(method.getModifiers()))
                .toList();
    }

    static List<Executable> constructors(Class<?> type, Object... arguments) {
        return mostSpecific(List.of(type.getDeclaredConstructors()), arguments);
    }

    /** Whether the receiver has a field of that name in one of the classes that are meant. */
    static boolean hasField(Object receiver, String name, Predicate<Class<?>> meant) {
        Set<Class<?>> types = new LinkedHashSet<>();
        collectTypes(types, receiver.getClass());
        return types.stream()
                .filter(meant)
                .flatMap(type -> Stream.of(type.getDeclaredFields()))
                .anyMatch(field -> field.getName().equals(name));
    }

    private static List<Executable> declared(Class<?> type, String name, Object... arguments) {
        List<Executable> named = new ArrayList<>();
        for (Executable method : type.getDeclaredMethods()) {
            if (method.getName().equals(name)) {
                named.add(method);
            }
        }
        return mostSpecific(named, arguments);
    }

    /** More than one is left only where none of them is more specific than the others. */
    private static List<Executable> mostSpecific(List<? extends Executable> candidates, Object... arguments) {
        List<Executable> fitting = new ArrayList<>();
        for (Executable candidate : candidates) {
            if (accepts(candidate, arguments)) {
                fitting.add(candidate);
            }
        }
        List<Executable> general = new ArrayList<>();
        for (Executable one : fitting) {
            if (fitting.stream().anyMatch(other -> other != one && isMoreSpecific(other, one))) {
                general.add(one);
            }
        }
        fitting.removeAll(general);
        return fitting;
    }

    private static boolean isMoreSpecific(Executable one, Executable other) {
        Class<?>[] types = one.getParameterTypes();
        Class<?>[] others = other.getParameterTypes();
        if (types.length != others.length || java.util.Arrays.equals(types, others)) {
            return types.length < others.length;
        }
        for (int i = 0; i < types.length; i++) {
            if (!boxed(others[i]).isAssignableFrom(boxed(types[i]))) {
                return false;
            }
        }
        return true;
    }

    private static boolean accepts(Executable candidate, Object... arguments) {
        Class<?>[] types = candidate.getParameterTypes();
        boolean spread = candidate.isVarArgs() && !isGivenAsArray(types, arguments);
        if (spread ? arguments.length < types.length - 1 : arguments.length != types.length) {
            return false;
        }
        for (int i = 0; i < arguments.length; i++) {
            boolean rest = spread && i >= types.length - 1;
            if (!accepts(rest ? types[types.length - 1].getComponentType() : types[i], arguments[i])) {
                return false;
            }
        }
        return true;
    }

    private static boolean isGivenAsArray(Class<?>[] types, Object... arguments) {
        return arguments.length == types.length && accepts(types[types.length - 1], arguments[types.length - 1]);
    }

    private static boolean accepts(Class<?> type, Object argument) {
        if (argument == null) {
            return !type.isPrimitive();
        }
        return boxed(type).isInstance(argument) || type == String.class && argument instanceof GString;
    }

    private static Class<?> boxed(Class<?> type) {
        return ReflectionCache.autoboxType(type);
    }

    /** Supertypes first. */
    private static void collectTypes(Set<Class<?>> types, Class<?> type) {
        if (type.getSuperclass() != null) {
            collectTypes(types, type.getSuperclass());
        }
        for (Class<?> implemented : type.getInterfaces()) {
            collectTypes(types, implemented);
        }
        types.add(type);
    }
}
