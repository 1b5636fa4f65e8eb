package dev.handover.deploy;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Instant;
import org.jspecify.annotations.NullMarked;

@AnalyzeClasses(
        packages = "dev.handover",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.NoTestJars.class})
class ArchitectureTest {
    /** The tests of other modules come as jars, which do not look like tests to the library. */
    static final class NoTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    @ArchTest
    static final ArchRule packagesAreFreeOfCycles =
            slices().matching("dev.handover.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule stagesMeetOnlyInKafkaAndTheTarget = slices().matching(
                    "dev.handover.(capture|transform|sink|reconciler)..")
            .should()
            .notDependOnEachOther()
            .because("what two stages share is vocabulary, and belongs to schemas");

    @ArchTest
    static final ArchRule theCoreIsPure = noClasses()
            .that()
            .resideInAnyPackage(
                    "dev.handover.row..",
                    "dev.handover.position..",
                    "dev.handover.change..",
                    "dev.handover.digest..",
                    "dev.handover.mapping..",
                    "dev.handover.capture.decode..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.sql..",
                    "java.net..",
                    "java.nio.file..",
                    "org.apache.kafka.clients..",
                    "org.apache.kafka.streams..",
                    "org.slf4j..")
            .because("decisions are made without side effects, and so are tested without a server");

    @ArchTest
    static final ArchRule onlyWireKnowsAvro = noClasses()
            .that(not(resideInAPackage("dev.handover.wire..")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.apache.avro..")
            .because("records are parsed once, at the edge: ask wire for a type of ours");

    @ArchTest
    static final ArchRule onlyCaptureKnowsDebezium = noClasses()
            .that(not(resideInAPackage("dev.handover.capture..")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.debezium..", "org.apache.kafka.connect..")
            .because("the envelope stops at capture.decode");

    @ArchTest
    static final ArchRule timeIsInjected = noClasses()
            .that(not(simpleNameEndingWith("Main")))
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "exit", int.class)
            .because("only a Main touches the machine; everything else takes an InstantSource");

    @ArchTest
    static final ArchRule namesSayWhatAThingIs = noClasses()
            .should()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Info")
            .orShould()
            .haveSimpleNameStartingWith("Abstract")
            .because("the name that is avoided so is the concept that was missed");

    @ArchTest
    static final ArchRule configurationIsARecord = classes()
            .that()
            .haveSimpleNameEndingWith("Config")
            .should()
            .beRecords()
            .because("configuration is validated once, in a constructor, and never looked up by a string");

    @ArchTest
    static final ArchRule everyPackageIntroducesItself = classes().should(resideInADescribedPackage());

    private static ArchCondition<JavaClass> resideInADescribedPackage() {
        return new ArchCondition<>("reside in a package with a @NullMarked package-info") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean described = type.getPackage().isAnnotatedWith(NullMarked.class);
                events.add(new SimpleConditionEvent(type, described, type.getPackageName() + " has no package-info"));
            }
        };
    }
}
