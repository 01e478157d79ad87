package io.pitstop.aws;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * The modules of terraform/aws, applied by the real provider to an emulated AWS.
 *
 * <p>The stories run at the same time, as they spend most of theirs in waits of the provider: it looks after a minute
 * whether a load balancer is there, however fast that was.
 */
class ModulesOnMotoTest {
    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> every_module_applies_plans_clean_and_destroys() throws Exception {
        ProviderMirror.folder(); // skips before anything is started
        Moto moto = Moto.start(Path.of("target/moto.log"));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        Workshop workshop = new Workshop(folder, moto.environment());
        TrafficStory traffic = new TrafficStory(moto, workshop);
        EnvironmentStory environment = new EnvironmentStory(moto, workshop);
        ExampleStory example = new ExampleStory(moto, workshop);
        List<Story> stories = new ArrayList<>();
        // The longest first.
        stories.add(new Story(
                "neither colour touches the other or the split",
                example::neither_colour_touches_the_other_or_the_split));
        stories.add(new Story(
                "plain instances run a version, then another, pause and go",
                environment::plain_instances_run_a_version_then_another_pause_and_go));
        stories.add(new Story(
                "a scaling group runs a version, then another, pauses and goes",
                environment::a_scaling_group_runs_a_version_then_another_pauses_and_goes));
        stories.add(new Story(
                "a split that was moved survives Terraform", traffic::a_split_that_was_moved_survives_terraform));
        stories.add(new Story(
                "a rule and records are left to the router like a listener",
                traffic::a_rule_and_records_are_left_to_the_router_like_a_listener));
        stories.add(new Story(
                "tasks on Fargate run a version, then another, pause and go",
                environment::tasks_on_fargate_run_a_version_then_another_pause_and_go));
        return stories.stream().map(story -> story.begin(threads)).toList().stream()
                .onClose(() -> {
                    threads.shutdownNow();
                    moto.close();
                    workshop.close();
                });
    }

    private record Story(String name, Executable story) {
        DynamicTest begin(ExecutorService threads) {
            Future<?> told = threads.submit(() -> {
                try {
                    story.execute();
                    return null;
                } catch (Exception | Error e) {
                    throw e;
                } catch (Throwable e) {
                    throw new AssertionError(e);
                }
            });
            return DynamicTest.dynamicTest(name, () -> {
                try {
                    told.get();
                } catch (ExecutionException e) {
                    throw e.getCause();
                }
            });
        }
    }
}
