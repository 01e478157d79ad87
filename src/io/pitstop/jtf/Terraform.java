package io.pitstop.jtf;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pitstop.error.InvalidConfig;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The Terraform command line, or OpenTofu's, for one root module and one state of it.
 *
 * <p>Terraform gets the environment that is given here, which is how secrets reach it ({@code TF_VAR_…} and the
 * providers' own); no value is ever an argument. Every method throws
 *
 * <ul>
 *   <li>{@link InvalidConfig} if the module or its values are wrong, or if there is no binary
 *   <li>{@link io.pitstop.error.DependencyFailed} if Terraform failed or was out of time, or if the state is locked, and
 *       then by whom
 *   <li>{@link io.pitstop.error.MoveRefused} if a state is still waiting to be saved
 *   <li>{@link io.pitstop.error.Interrupted} if the thread was interrupted; Terraform has ended by then
 * </ul>
 */
public final class Terraform {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int CHANGES = 2;

    /** How often a lock may be let go of in the very moment in which we ask for it. */
    private static final int VANISHED_LOCKS = 3;

    private final Path module;
    private final Path data;
    private final Limits limits;
    private final Consumer<String> progress;
    private final Command command;
    private final Scratch scratch;

    /**
     * @param module folder of the root module
     * @param data folder of its own for each state of the module (TF_DATA_DIR); made if it is not there
     * @param environment environment variables of the commands, with PATH
     * @param progress gets what happens, line by line, while it happens
     */
    public Terraform(
            Path module, Path data, Map<String, String> environment, Limits limits, Consumer<String> progress) {
        this.module = module.toAbsolutePath().normalize();
        this.data = data.toAbsolutePath().normalize();
        this.limits = limits;
        this.progress = progress;
        this.command = new Command(this.module, this.data, Map.copyOf(environment), limits);
        this.scratch = new Scratch(this.data);
    }

    /** The version of the binary, such as {@code 1.11.4}. */
    public String version() {
        List<String> lines = new ArrayList<>();
        Finished finished = command.run(List.of("version", "-json"), lines::add);
        return json("version", finished, lines).path("terraform_version").asText();
    }

    /**
     * Prepares the data folder. Settings other than the last ones take their place; no state is moved.
     *
     * @param backend settings for the module's backend block
     */
    public void init(Map<String, String> backend) {
        requireModule();
        Path settings = scratch.file(".json", json(backend));
        try {
            scratch.deleteOlderThan(limits.command().plus(limits.grace()).multipliedBy(2));
            run("init", "-reconfigure", "-backend-config=" + settings);
            new InitMark(data).write(json(backend));
        } finally {
            scratch.delete(settings);
        }
    }

    /** Prepares the data folder unless it was prepared with these settings before. */
    public void initOnce(Map<String, String> backend) {
        if (!new InitMark(data).matches(json(backend))) {
            init(backend);
        }
    }

    /** Where the state lies, by the last init; empty before the first. */
    public Optional<Backend> backend() {
        return Backend.in(data);
    }

    /** Returns if the module is valid; call after init. */
    public void validate() {
        List<String> lines = new ArrayList<>();
        Finished finished = command.run(List.of("validate", "-json", "-no-color"), lines::add);
        List<Diagnostic> diagnostics = new ArrayList<>();
        document(lines)
                .ifPresent(answer -> answer.path("diagnostics").forEach(json -> diagnostics.add(Diagnostic.of(json))));
        if (finished.exitCode() != 0) {
            throw new Diagnosis("validate", module, data).failure(diagnostics, finished);
        }
    }

    /**
     * Compares the state with the module and these values.
     *
     * @param variables values for the module's variables; one that it does not declare is an error
     * @param replace addresses of resources to make anew although nothing about them has changed
     */
    public Plan plan(Map<String, String> variables, List<String> replace) {
        return plan(variables, replace.stream().map(address -> "-replace=" + address));
    }

    /** Plans to remove everything in the state; the plan is empty if nothing is in it. */
    public Plan planDestroy(Map<String, String> variables) {
        return plan(variables, Stream.of("-destroy"));
    }

    /**
     * Does what was planned, no more and no less, and once; a plan whose state has changed meanwhile is refused. If the
     * state could not be saved, it is kept in the data folder, and no plan is made before it is gone from there.
     */
    public void apply(Plan plan) {
        run("apply", lockTimeout(), plan.use().toString());
    }

    /** Removes everything in the state; does nothing if it is empty. */
    public void destroy(Map<String, String> variables) {
        try (Plan plan = planDestroy(variables)) {
            if (!plan.isEmpty()) {
                apply(plan);
            }
        }
    }

    /** Reads the outputs from the state. */
    public Outputs outputs() {
        List<String> lines = new ArrayList<>();
        Finished finished = command.run(List.of("output", "-json", "-no-color"), lines::add);
        return new Outputs(json("output", finished, lines));
    }

    /**
     * True if the state holds anything that Terraform manages. That there are no outputs does not tell: the first thing
     * that a destroy does is to drop them.
     */
    public boolean hasResources() {
        List<String> lines = new ArrayList<>();
        Finished finished = command.run(List.of("show", "-json", "-no-color"), lines::add);
        return holdsManaged(json("show", finished, lines).path("values").path("root_module"));
    }

    private static boolean holdsManaged(JsonNode module) {
        return stream(module.path("resources"))
                        .anyMatch(one -> one.path("mode").asText().equals("managed"))
                || stream(module.path("child_modules")).anyMatch(Terraform::holdsManaged);
    }

    private static Stream<JsonNode> stream(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }

    private Plan plan(Map<String, String> variables, Stream<String> options) {
        new UnsavedState(module, data).refuse();
        Path values = scratch.file(".tfvars.json", json(variables));
        Path file = scratch.file(".tfplan");
        boolean planned = false;
        try {
            Stream<String> arguments =
                    Stream.of("plan", "-detailed-exitcode", lockTimeout(), "-var-file=" + values, "-out=" + file);
            int exitCode = run(Stream.concat(arguments, options).toArray(String[]::new));
            Plan plan = exitCode == CHANGES ? Plan.of(file, new PlanJson(show(file))) : Plan.empty(file);
            planned = true;
            return plan;
        } finally {
            scratch.delete(values);
            if (!planned) {
                scratch.delete(file);
            }
        }
    }

    /** What is in a saved plan; nobody sees it before what is sensitive is out of it. */
    private JsonNode show(Path file) {
        List<String> lines = new ArrayList<>();
        Finished finished = command.run(List.of("show", "-json", "-no-color", file.toString()), lines::add);
        return json("show", finished, lines);
    }

    /** Runs a subcommand that prints events, and returns its exit code unless that means failure. */
    private int run(String... subcommandAndOptions) {
        List<Diagnostic> diagnostics = new ArrayList<>();
        Finished finished = tryToRun(diagnostics, subcommandAndOptions);
        for (int again = 0; again < VANISHED_LOCKS && Diagnosis.isLockThatVanished(diagnostics); again++) {
            diagnostics.clear();
            finished = tryToRun(diagnostics, subcommandAndOptions);
        }
        Diagnosis diagnosis = new Diagnosis(subcommandAndOptions[0], module, data);
        if (finished.exitCode() != 0 && finished.exitCode() != CHANGES) {
            throw diagnosis.failure(diagnostics, finished);
        }
        diagnosis.refuseUnread(diagnostics);
        return finished.exitCode();
    }

    private Finished tryToRun(List<Diagnostic> diagnostics, String... subcommandAndOptions) {
        List<String> arguments = new ArrayList<>(List.of(subcommandAndOptions));
        arguments.addAll(1, List.of("-json", "-input=false"));
        return command.run(arguments, line -> Event.parse(line).ifPresent(event -> {
            event.diagnostic().ifPresent(diagnostics::add);
            event.progress().ifPresent(progress);
        }));
    }

    /** In a folder without configuration, init succeeds and plan wants to destroy everything. */
    private void requireModule() {
        File[] files = module.toFile().listFiles((folder, name) -> name.matches(".*\\.(tf|tofu)(\\.json)?"));
        if (files == null || files.length == 0) {
            throw new InvalidConfig(
                    module + " is not a Terraform module: it holds no .tf file.", "Name the folder of a root module.");
        }
    }

    private String lockTimeout() {
        return "-lock-timeout=" + limits.lock().toMillis() + "ms";
    }

    private JsonNode json(String subcommand, Finished finished, List<String> lines) {
        if (finished.exitCode() != 0) {
            throw new Diagnosis(subcommand, module, data).failure(List.of(), finished);
        }
        return document(lines)
                .orElseThrow(() -> new Diagnosis(subcommand, module, data).failed("its answer is not JSON."));
    }

    /** The JSON that was printed; a wrapper, or a log, may have said something before and after. */
    private static Optional<JsonNode> document(List<String> lines) {
        return IntStream.range(0, lines.size())
                .filter(first -> lines.get(first).startsWith("{"))
                .mapToObj(first -> String.join("", lines.subList(first, lines.size())))
                .flatMap(text -> Event.parse(text).stream())
                .map(Event::json)
                .findFirst();
    }

    private static byte[] json(Map<String, String> values) {
        try {
            return JSON.writeValueAsBytes(new TreeMap<>(values));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a map of texts is always JSON", e);
        }
    }
}
