package io.pitstop.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** A file of docs/ci, as far as it says which shell commands run in which order, and who is waited for. */
enum CiFile {
    GITLAB("gitlab-ci.yml", "alice") {
        @Override
        List<Job> jobs() {
            List<String> stages = texts(root().get("stages"));
            return root().entrySet().stream()
                    .filter(entry -> entry.getValue() instanceof Map<?, ?> job && job.containsKey("script"))
                    .map(entry -> new Job(
                            entry.getKey().toString(),
                            List.of(String.join(
                                    "\n", texts(map(entry.getValue()).get("script")))),
                            Map.of("VERSION", "2.4.0", "GITLAB_USER_LOGIN", by())))
                    .sorted(Comparator.comparing(
                            job -> stages.indexOf(map(root().get(job.name())).get("stage"))))
                    .toList();
        }

        @Override
        boolean waitsForAPerson(String job) {
            Object rules = map(root().get(job)).get("rules");
            return rules != null
                    && list(rules).stream()
                            .allMatch(rule -> "manual".equals(map(rule).get("when")));
        }
    },

    GITHUB("github-workflow.yml", "reviewer") {
        @Override
        List<Job> jobs() {
            Map<?, ?> jobs = map(root().get("jobs"));
            return inOrder(jobs.keySet().stream().map(Object::toString).toList(), job -> map(jobs.get(job))
                            .get("needs"))
                    .map(name -> job(name, map(jobs.get(name))))
                    .toList();
        }

        /** Its environment has reviewers, which the page tells the reader to set. */
        @Override
        boolean waitsForAPerson(String job) {
            Object environment = map(map(root().get("jobs")).get(job)).get("environment");
            return page("github-actions.md").contains("| `" + environment + "` | required reviewers |");
        }

        private Job job(String name, Map<?, ?> job) {
            List<String> scripts = list(job.get("steps")).stream()
                    .map(step -> map(step).get("run"))
                    .filter(run -> run != null)
                    .map(Object::toString)
                    .toList();
            Map<String, String> environment =
                    new LinkedHashMap<>(Map.of("GITHUB_REPOSITORY", "acme/blog", "GITHUB_RUN_ID", "7"));
            map(job.getOrDefault("env", null))
                    .forEach((key, value) -> environment.put(key.toString(), value.toString()));
            return new Job(name, scripts, environment);
        }
    },

    CIRCLECI("circleci-config.yml", "CircleCI workflow w-7") {
        @Override
        List<Job> jobs() {
            List<String> names = new ArrayList<>();
            Map<String, Object> requires = new HashMap<>();
            for (String workflow : List.of("check", "release", "rollback")) {
                for (Object entry :
                        list(map(map(root().get("workflows")).get(workflow)).get("jobs"))) {
                    Map<?, ?> job = entry instanceof Map<?, ?> named ? named : Map.of(entry, Map.of());
                    String name = job.keySet().iterator().next().toString();
                    names.add(name);
                    requires.put(name, map(job.get(name)).get("requires"));
                }
            }
            return inOrder(names, requires::get)
                    .filter(name -> map(root().get("jobs")).containsKey(name))
                    .map(this::job)
                    .toList();
        }

        @Override
        boolean waitsForAPerson(String job) {
            return list(map(map(root().get("workflows")).get("release")).get("jobs")).stream()
                    .filter(entry -> map(entry).containsKey(job))
                    .flatMap(entry -> texts(map(map(entry).get(job)).get("requires")).stream())
                    .anyMatch(required -> list(map(map(root().get("workflows")).get("release"))
                                    .get("jobs"))
                            .stream()
                            .anyMatch(entry -> "approval"
                                    .equals(map(map(entry).get(required)).get("type"))));
        }

        private Job job(String name) {
            List<String> scripts = list(map(map(root().get("jobs")).get(name)).get("steps")).stream()
                    .filter(step -> step instanceof Map<?, ?> one && one.containsKey("run"))
                    .map(step -> map(step).get("run"))
                    .map(run -> run instanceof Map<?, ?> detailed ? detailed.get("command") : run)
                    .map(Object::toString)
                    .toList();
            return new Job(name, scripts, Map.of("VERSION", "2.4.0", "CIRCLE_WORKFLOW_ID", "w-7"));
        }
    };

    private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{ (.+?) }}");

    private final String file;
    private final String by;

    CiFile(String file, String by) {
        this.file = file;
        this.by = by;
    }

    /**
     * One job: what its shell runs, and what the CI puts into its environment.
     *
     * @param variables may hold GitHub's expressions
     */
    record Job(String name, List<String> scripts, Map<String, String> variables) {
        /** @param outputs what earlier jobs wrote to GITHUB_OUTPUT: lines name=value, the last of a name counts */
        Map<String, String> environment(String outputs) {
            Map<String, String> known = new HashMap<>(Map.of("inputs.version", "2.4.0", "github.token", "t"));
            for (String line : outputs.lines().toList()) {
                known.put("output." + line.split("=")[0], line.split("=")[1]);
            }
            Map<String, String> environment = new HashMap<>();
            variables.forEach((name, value) -> environment.put(name, evaluated(value, known)));
            return environment;
        }

        private static String evaluated(String value, Map<String, String> known) {
            Matcher expression = EXPRESSION.matcher(value);
            return expression.replaceAll(found -> {
                String name = found.group(1).replaceAll("needs\\.[a-z-]+\\.outputs\\.", "output.");
                if (name.startsWith("secrets.")) {
                    return "secret";
                }
                return Matcher.quoteReplacement(java.util.Objects.requireNonNull(known.get(name), name));
            });
        }
    }

    /** In the order in which the CI runs them. */
    abstract List<Job> jobs();

    abstract boolean waitsForAPerson(String job);

    /** Whom an approval names. */
    String by() {
        return by;
    }

    List<Job> check() {
        return jobs().stream().filter(job -> job.name().equals("check")).toList();
    }

    List<Job> rollback() {
        return jobs().stream().filter(job -> job.name().equals("rollback")).toList();
    }

    List<Job> release() {
        return jobs().stream()
                .filter(job -> !job.name().equals("check") && !job.name().equals("rollback"))
                .toList();
    }

    Map<?, ?> root() {
        return map(new Load(LoadSettings.builder().build()).loadFromString(page(file)));
    }

    static String page(String name) {
        try {
            return Files.readString(Path.of("docs/ci", name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Map<?, ?> map(Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    static List<?> list(Object value) {
        return value instanceof List<?> list ? list : List.of();
    }

    static List<String> texts(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(Object::toString).toList()
                : List.of("" + value);
    }

    /** A job follows what it needs, and otherwise stands where it is written. */
    static Stream<String> inOrder(List<String> names, java.util.function.Function<String, Object> needs) {
        Set<String> done = new LinkedHashSet<>();
        for (int rounds = 0; rounds < names.size(); rounds++) {
            for (String name : names) {
                Object needed = needs.apply(name);
                if (needed == null || done.containsAll(texts(needed))) {
                    done.add(name);
                }
            }
        }
        if (!done.containsAll(names)) {
            throw new IllegalStateException("Needs what does not exist: " + names + " less " + done);
        }
        return done.stream();
    }
}
