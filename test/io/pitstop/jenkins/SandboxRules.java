package io.pitstop.jenkins;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The calls that our Groovy makes beside pipeline steps and itself, as rules of the script-security plugin.
 *
 * @param rules in the order of the table, by their text
 */
record SandboxRules(Map<String, Rule> rules) {
    static final Path TABLE = Path.of("test/io/pitstop/jenkins/sandbox-rules.txt");

    /** Who allows it: a list of script-security, the workflow-cps plugin by code, or an annotation in the plugin. */
    private static final Set<String> ORIGINS =
            Set.of("generic-whitelist", "jenkins-whitelist", "workflow-cps", "@Whitelisted");

    private static final Pattern LINE =
            Pattern.compile("(method|staticMethod|new) (\\S+)( .*?)? +\\| (\\S+) +\\| (.+)");

    /**
     * One line of the table.
     *
     * @param name of the method; {@code <init>} and its type for a constructor; type and name for a static method
     * @param arguments that a Groovy call of it has: the receiver of an extension method is not one of them
     * @param last the type of the last parameter, or an empty text
     */
    record Rule(String text, String name, int arguments, String last, String reason, int line) {
        /** It is for what users do with a result or a failure, not for the library. */
        boolean isForUsers() {
            return reason.startsWith("users: ");
        }

        boolean fits(String called, int given) {
            return name.equals(called) && (arguments == given || last.endsWith("[]") && given >= arguments - 1);
        }
    }

    static SandboxRules read() {
        try {
            Map<String, Rule> rules = new LinkedHashMap<>();
            int number = 0;
            for (String line : Files.readAllLines(TABLE)) {
                number++;
                if (!line.isBlank() && !line.startsWith("#")) {
                    Rule rule = rule(line, number);
                    require(rules.put(rule.text(), rule) == null, number, "is there twice");
                }
            }
            return new SandboxRules(rules);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean allow(String rule) {
        return rules.containsKey(rule);
    }

    /** The names of all calls, for a message. */
    Set<String> names() {
        return rules.values().stream().map(Rule::name).collect(Collectors.toCollection(TreeSet::new));
    }

    /** The rule that the script-security plugin would look for; classes of the harness are named as those of Jenkins. */
    static String of(Executable called, Class<?> receiver) {
        String parameters = Stream.of(called.getParameterTypes())
                .map(type -> " " + name(type))
                .collect(Collectors.joining());
        boolean standIn = receiver.isAnnotationPresent(StandsFor.class);
        String owner = name(standIn ? receiver : called.getDeclaringClass());
        if (called instanceof java.lang.reflect.Constructor<?>) {
            return "new " + owner + parameters;
        }
        String kind = Modifier.isStatic(called.getModifiers()) ? "staticMethod " : "method ";
        return kind + owner + " " + called.getName() + parameters;
    }

    private static String name(Class<?> type) {
        StandsFor real = type.getAnnotation(StandsFor.class);
        if (real != null) {
            return real.value();
        }
        return type.isArray() ? name(type.getComponentType()) + "[]" : type.getName();
    }

    private static Rule rule(String line, int number) {
        Matcher parts = LINE.matcher(line);
        require(parts.matches(), number, "is not of the form 'rule | origin | reason'");
        require(ORIGINS.contains(parts.group(4)), number, "has an origin that is none of " + ORIGINS);
        String[] rest =
                parts.group(3) == null ? new String[0] : parts.group(3).trim().split(" ");
        String text = parts.group(1) + " " + parts.group(2) + (rest.length == 0 ? "" : " " + String.join(" ", rest));
        String last = rest.length == 0 ? "" : rest[rest.length - 1];
        if (parts.group(1).equals("new")) {
            return new Rule(text, "<init> " + parts.group(2), rest.length, last, parts.group(5), number);
        }
        boolean extension = parts.group(2).endsWith("GroovyMethods");
        boolean byName = !parts.group(1).equals("staticMethod") || extension || isOperator(parts.group(2));
        String name = byName ? rest[0] : parts.group(2) + " " + rest[0];
        return new Rule(
                text, name, rest.length - (extension ? 2 : 1), rest.length > 1 ? last : "", parts.group(5), number);
    }

    /** What the compiler makes of == and its like in code that can be suspended. */
    private static boolean isOperator(String owner) {
        return owner.equals("org.codehaus.groovy.runtime.ScriptBytecodeAdapter");
    }

    private static void require(boolean holds, int line, String otherwise) {
        if (!holds) {
            throw new AssertionError(TABLE + ":" + line + " " + otherwise);
        }
    }
}
