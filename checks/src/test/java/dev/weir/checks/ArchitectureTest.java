package dev.weir.checks;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Who may know whom (docs/architecture.md), and names.
final class ArchitectureTest {
    private static final JavaClasses WEIR = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages("dev.weir");

    @Test
    void import_wholeClassPath_findsEveryModule() {
        for (String module : List.of(
                "runtime",
                "runtime.junit",
                "journal",
                "engine",
                "connect.mqtt",
                "connect.coap",
                "connect.http",
                "node",
                "cli")) {
            assertThat(WEIR.stream().anyMatch(type -> type.getPackageName().startsWith("dev.weir." + module)))
                    .as("classes of dev.weir.%s on the class path", module)
                    .isTrue();
        }
    }

    @Test
    void runtime_knowsNobody() {
        classes()
                .that()
                .resideInAnyPackage("dev.weir.runtime", "dev.weir.runtime.control..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "java..", "jdk.jfr..", "dev.weir.runtime", "dev.weir.runtime.control..", "org.jspecify..")
                .check(WEIR);
    }

    @Test
    void journal_knowsNobody() {
        classes()
                .that()
                .resideInAPackage("dev.weir.journal")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "dev.weir.journal", "org.jspecify..")
                .check(WEIR);
    }

    @Test
    void runtimesPractice_knowsOnlyItsCore() {
        for (String part : List.of("inspect", "pattern", "supervise")) {
            classes()
                    .that()
                    .resideInAPackage("dev.weir.runtime." + part)
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..",
                            "dev.weir.runtime",
                            "dev.weir.runtime.control..",
                            "dev.weir.runtime." + part,
                            "org.jspecify..")
                    .check(WEIR);
        }
    }

    @Test
    void runtimeJunit_knowsOnlyRuntimeAndJunit() {
        classes()
                .that()
                .resideInAPackage("dev.weir.runtime.junit..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("java..", "dev.weir.runtime..", "org.jspecify..", "org.junit..")
                .check(WEIR);
    }

    @Test
    void control_isForTheRuntimeAndItsToolsForTests() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.weir.runtime..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.weir.runtime.control..")
                .check(WEIR);
    }

    @Test
    void engine_knowsOnlyRuntime() {
        noClasses()
                .that()
                .resideInAPackage("dev.weir.engine..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.weir.connect..", "dev.weir.node..", "dev.weir.hub..", "dev.weir.cli..")
                .check(WEIR);
    }

    @Test
    void connectors_knowNeitherNodeNorCli() {
        noClasses()
                .that()
                .resideInAPackage("dev.weir.connect..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.weir.node..", "dev.weir.hub..", "dev.weir.cli..")
                .check(WEIR);
    }

    @Test
    void connectors_doNotKnowEachOther() {
        slices().matching("dev.weir.connect.(*)..")
                .should()
                .notDependOnEachOther()
                .check(WEIR);
    }

    @Test
    void node_knowsNoConnectorAndNoCli() {
        noClasses()
                .that()
                .resideInAPackage("dev.weir.node..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.weir.connect..", "dev.weir.cli..")
                .check(WEIR);
    }

    @Test
    void packages_haveNoCycles() {
        slices().assignedFrom(new SliceAssignment() {
                    @Override
                    public SliceIdentifier getIdentifierOf(JavaClass type) {
                        return SliceIdentifier.of(type.getPackageName());
                    }

                    @Override
                    public String getDescription() {
                        return "packages";
                    }
                })
                .should()
                .beFreeOfCycles()
                .check(WEIR);
    }

    @Test
    void names_sayWhatAThingIs() {
        noClasses()
                .should()
                .haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl|Common|Misc)")
                .orShould()
                .haveNameMatching(".*\\.(Abstract|Base)[A-Z][A-Za-z]*")
                .check(WEIR);
    }

    @Test
    void runtime_publicTypesAreClosed() {
        classes()
                .that()
                .resideInAPackage("dev.weir.runtime..")
                .and()
                .arePublic()
                .and()
                .areNotInterfaces()
                .should(beFinalOrSealed())
                .check(WEIR);
    }

    private static ArchCondition<JavaClass> beFinalOrSealed() {
        return new ArchCondition<>("be final, sealed or an exception with a closed hierarchy") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean closed = type.getModifiers().contains(JavaModifier.FINAL)
                        || type.reflect().isSealed();
                events.add(new SimpleConditionEvent(type, closed, type.getName() + " can be extended by anybody"));
            }
        };
    }

    @Test
    void time_comesFromClocks() {
        noClasses()
                .that()
                .resideInAnyPackage("dev.weir.engine..", "dev.weir.connect..", "dev.weir.node..")
                .and()
                .doNotHaveSimpleName("Clock")
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .check(WEIR);
    }
}
