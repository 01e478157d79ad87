package io.pitstop.jenkins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.codehaus.groovy.control.CompilationFailedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The harness finds what would fail on a real controller. */
class CpsWorldTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "def matcher = ('abc' =~ /b/); echo 'on'; echo matcher.find().toString()",
                "def json = new groovy.json.JsonSlurper().parseText('{\"a\": {}}'); echo 'on'; echo json.a.toString()",
                "for (entry in [a: 1, b: 2]) { echo entry.key }",
                "node { def thread = Thread.currentThread(); echo 'on'; echo thread.name }"
            })
    void what_cannot_be_saved_fails_at_its_line(String pipeline) {
        assertThatThrownBy(() -> new CpsWorld(pipeline).trusted().restarting().run())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("cannot survive a restart")
                .hasMessageContaining("WorkflowScript");
    }

    @Test
    void what_cannot_be_saved_goes_unnoticed_without_a_restart() throws Throwable {
        CpsWorld world = new CpsWorld("def matcher = ('abc' =~ /b/); echo 'on'; return matcher.find()").trusted();

        assertThat(world.run()).isEqualTo(true);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "@NonCPS def twice() { echo 'a'; echo 'b' }\ntwice()",
                "def sorted = [3, 1, 2].toSorted { a, b -> a <=> b }\nreturn sorted"
            })
    void steps_and_closures_in_code_that_is_not_cps_are_found(String pipeline) {
        assertThatThrownBy(() -> new CpsWorld(pipeline).trusted().run())
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("do not do what they say");
    }

    @Test
    void the_java_of_the_agent_is_out_of_sight() {
        assertThatThrownBy(() -> new CpsWorld("import io.pitstop.release.Colour\nreturn Colour.BLUE").run())
                .isInstanceOf(CompilationFailedException.class)
                .hasMessageContaining("unable to resolve class io.pitstop.release.Colour");
    }

    @Test
    void a_step_that_does_not_exist_is_missed() {
        assertThatThrownBy(() -> new CpsWorld("deployRed()").run())
                .isInstanceOf(NoSuchMethodError.class)
                .hasMessageStartingWith("No such DSL method 'deployRed' found among steps [");
    }

    @Test
    void local_variables_and_blocks_go_on_after_a_restart() throws Throwable {
        CpsWorld world = new CpsWorld(
                """
                def seen = []
                try {
                    stage('one') { seen << 'one'; error 'broken' }
                } catch (e) {
                    seen << e.message
                } finally {
                    echo seen.toString()
                }
                def branches = parallel(a: { stage('a') { return 1 } }, b: { stage('b') { return 2 } })
                return [seen: seen, branches: branches]
                """);

        assertThat(world.trusted().restarting().run())
                .isEqualTo(Map.of("seen", java.util.List.of("one", "broken"), "branches", Map.of("a", 1, "b", 2)));
        assertThat(world.restarts()).isEqualTo(8);
        assertThat(world.made("error").get(0).within()).containsExactly("stage");
    }

    @Test
    void a_declarative_stage_runs_its_post_conditions_on_its_node_and_skips_what_follows() {
        CpsWorld world = new CpsWorld(
                """
                pipeline {
                    agent none
                    stages {
                        stage('fails') {
                            agent { label 'x' }
                            steps { error 'broken' }
                            post {
                                unsuccessful { echo 'undo' }
                                always { echo 'always' }
                            }
                        }
                        stage('skipped') { steps { echo 'never' } }
                    }
                    post { always { echo 'end' } }
                }
                """);

        assertThatThrownBy(() -> world.restarting().run())
                .isInstanceOf(BuildFailed.class)
                .hasMessage("broken");
        assertThat(world.made("echo").stream().map(one -> one.call().argument() + " in " + one.within()))
                .containsExactly("always in [stage, node]", "undo in [stage, node]", "end in []");
    }
}
