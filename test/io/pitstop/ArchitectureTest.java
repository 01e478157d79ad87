package io.pitstop;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The arrows of ARCHITECTURE.md. */
class ArchitectureTest {
    private static final JavaClasses AGENT = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.pitstop");

    // spotless:off: a table is easier to read in columns
    @Test
    void dependencies_point_down() {
        layeredArchitecture().consideringOnlyDependenciesInLayers()
                .layer("top").definedBy("..cli..", "..demo..", "..prove..")
                .layer("report").definedBy("..report..", "..telemetry..", "..notify..")
                .layer("step").definedBy("..step..")
                .layer("parts").definedBy("..traffic..", "..gate..", "..environment..", "..smoke..", "..check..", "..draft..", "..migration..", "..archive..", "..backfill..", "..evidence..", "..proxy..")
                .layer("release").definedBy("..release..", "..database..", "..jtf..", "..aws..")
                .layer("ground").definedBy("..config..", "..error..", "..metrics..", "..http..")
                .whereLayer("top").mayNotBeAccessedByAnyLayer()
                .whereLayer("report").mayOnlyBeAccessedByLayers("top")
                .whereLayer("step").mayOnlyBeAccessedByLayers("top", "report")
                .whereLayer("parts").mayOnlyBeAccessedByLayers("top", "report", "step")
                .whereLayer("release").mayOnlyBeAccessedByLayers("top", "report", "step", "parts")
                .check(AGENT);
    }
    // spotless:on

    @ParameterizedTest
    @CsvSource({
        "traffic",
        "gate",
        "environment",
        "smoke",
        "check",
        "draft",
        "migration",
        "archive",
        "backfill",
        "evidence",
        "proxy"
    })
    void the_parts_do_not_know_each_other(String part) {
        noClasses()
                .that()
                .resideInAPackage("io.pitstop." + part + "..")
                .should()
                .dependOnClassesThat(resideInAnyPackage(
                                "io.pitstop.traffic..",
                                "io.pitstop.gate..",
                                "io.pitstop.environment..",
                                "io.pitstop.smoke..",
                                "io.pitstop.check..",
                                "io.pitstop.draft..",
                                "io.pitstop.migration..",
                                "io.pitstop.archive..",
                                "io.pitstop.backfill..",
                                "io.pitstop.evidence..",
                                "io.pitstop.proxy..")
                        .and(not(resideInAPackage("io.pitstop." + part + ".."))))
                .check(AGENT);
    }

    @ParameterizedTest
    @CsvSource({"approval", "inquiry", "shift"})
    void what_steps_are_made_of_does_not_know_the_steps(String part) {
        noClasses()
                .that()
                .resideInAPackage("io.pitstop.step." + part)
                .should()
                .dependOnClassesThat(resideInAPackage("io.pitstop.step"))
                .check(AGENT);
    }

    @Test
    void there_are_no_cycles() {
        slices().matching("io.pitstop.(*)..").should().beFreeOfCycles().check(AGENT);
    }

    // One row per library: docs/adr/0001-libraries.md.
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "picocli..                  | cli",
                "software.amazon..          | aws,traffic,gate,demo",
                "com.fasterxml.jackson..    | cli,check,release,jtf,proxy,traffic,gate,aws,notify,demo,prove",
                "org.snakeyaml..            | config",
                "org.postgresql..           | database,demo",
                "org.flywaydb..             | migration,release,demo",
                "com.zaxxer..               | demo",
                "io.undertow..              | proxy,demo",
                "org.HdrHistogram..         | metrics",
                "io.micrometer..            | telemetry",
                "com.dylibso..              | check.grammar",
                "io.zonky..                 | demo"
            })
    void each_library_stays_where_it_belongs(String library, String packages) {
        String[] allowed = packages.split(",");
        for (int i = 0; i < allowed.length; i++) {
            allowed[i] = "io.pitstop." + allowed[i] + "..";
        }
        noClasses()
                .that()
                .resideOutsideOfPackages(allowed)
                .should()
                .dependOnClassesThat()
                .resideInAPackage(library)
                .check(AGENT);
    }

    @Test
    void terraforms_wrapper_knows_nothing_of_pitstop_but_its_errors() {
        noClasses()
                .that()
                .resideInAPackage("io.pitstop.jtf..")
                .should()
                .dependOnClassesThat(resideInAPackage("io.pitstop..")
                        .and(not(resideInAnyPackage("io.pitstop.jtf..", "io.pitstop.error.."))))
                .check(AGENT);
    }

    @Test
    void only_main_ends_the_process() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName("io.pitstop.cli.Main")
                .should()
                .callMethod(System.class, "exit", int.class)
                .check(AGENT);
    }

    @Test
    void names_say_what_a_class_is() {
        classes()
                .should()
                .haveNameNotMatching(".*(Util|Utils|Helper|Manager|Impl)")
                .check(AGENT);
    }
}
