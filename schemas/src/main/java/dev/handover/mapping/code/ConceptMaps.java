package dev.handover.mapping.code;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads FHIR ConceptMaps in JSON, of R4 ({@code equivalence}) and of R5 ({@code relationship}, {@code noMap}), alone or
 * in a Bundle. What the specification leaves to the reader:
 *
 * <ul>
 *   <li>several targets of a code are a choice, even when one of them is equivalent: nobody is asked to prefer it;
 *   <li>{@code disjoint} and {@code not-related-to} say that this target is not the one; a code with no other target is
 *       declared to have none;
 *   <li>targets with {@code product} are a combination: without the products "the equivalence cannot be relied on";
 *   <li>what targets depend on ({@code dependsOn}) become parts of the key after the code; targets without hold
 *       whatever those are;
 *   <li>an element without a code, one without target that is not declared to have none, and products of a target that
 *       is {@code unmatched} are remarks ({@link CodeMap#remarks()}): the first cannot be looked up, the second is
 *       unknown, the third would be parts of nothing.
 * </ul>
 *
 * Value sets in the place of codes are refused: a map must be readable without a terminology server.
 */
public final class ConceptMaps {
    private final Selection selection;
    private final CodeMapBuilder into;
    private final List<String> properties = new ArrayList<>();
    // how many combinations each key has so far
    private final Map<List<String>, Integer> scenarios = new HashMap<>();

    private ConceptMaps(Selection selection, CodeMapBuilder into) {
        this.selection = selection;
        this.into = into;
    }

    /**
     * Which part of a file is wanted.
     *
     * @param url of the ConceptMap, where a Bundle holds several
     * @param source the system of the groups, where a map has groups of several
     * @param target the target system of the groups, where a map has groups of several
     */
    public record Selection(Optional<String> url, Optional<String> source, Optional<String> target) {
        /** The only map of the file, with all its groups. */
        public static final Selection ALL = new Selection(Optional.empty(), Optional.empty(), Optional.empty());

        /** The map of that address in a Bundle. */
        public static Selection of(String url) {
            return new Selection(Optional.of(url), Optional.empty(), Optional.empty());
        }
    }

    /** The addresses of the ConceptMaps of a file, in its order. @throws InvalidCodeMap when it is no FHIR resource */
    public static List<String> urls(String json) throws InvalidCodeMap {
        List<String> urls = new ArrayList<>();
        for (Json map : maps(Json.parse(json))) {
            urls.add(map.text("url"));
        }
        return urls;
    }

    /**
     * Adds the groups of a ConceptMap, its version, systems and mode of unmapped codes, where the builder does not say
     * them yet.
     *
     * @param into with at most one part of a key, the code; the reader adds what targets depend on
     * @throws InvalidCodeMap when the text is no such resource; problems of single rows are reported by
     *     {@link CodeMapBuilder#build()}
     */
    public static void read(String json, Selection selection, CodeMapBuilder into) throws InvalidCodeMap {
        new ConceptMaps(selection, into).read(chosen(Json.parse(json), selection));
    }

    private static List<Json> maps(Json document) throws InvalidCodeMap {
        String type = document.isObject() ? document.text("resourceType") : "";
        if (type.equals("ConceptMap")) {
            return List.of(document);
        }
        if (!type.equals("Bundle")) {
            throw InvalidCodeMap.of(
                    document.place(), "resourceType", "neither a ConceptMap nor a Bundle", "name a FHIR ConceptMap");
        }
        List<Json> maps = new ArrayList<>();
        for (Json entry : document.array("entry")) {
            Optional<Json> resource = entry.field("resource");
            if (resource.isPresent() && resource.get().text("resourceType").equals("ConceptMap")) {
                maps.add(resource.get());
            }
        }
        return maps;
    }

    private static Json chosen(Json document, Selection selection) throws InvalidCodeMap {
        List<Json> maps = new ArrayList<>();
        for (Json map : maps(document)) {
            if (selection.url().isEmpty() || selection.url().get().equals(map.text("url"))) {
                maps.add(map);
            }
        }
        if (maps.size() != 1) {
            throw InvalidCodeMap.of(
                    document.place(),
                    "url",
                    maps.isEmpty() ? "no such ConceptMap" : maps.size() + " ConceptMaps",
                    "name one of them by its url");
        }
        return maps.get(0);
    }

    private void read(Json map) throws InvalidCodeMap {
        List<Json> groups = new ArrayList<>();
        for (Json group : map.array("group")) {
            if (selected(group, "source", selection.source()) && selected(group, "target", selection.target())) {
                groups.add(group);
            }
        }
        String source = only(map, groups, "source");
        String target = only(map, groups, "target");
        into.describe(map.text("url"), map.text("version"), source, target);
        for (Json group : groups) {
            findProperties(group);
        }
        key();
        for (Json group : groups) {
            for (Json element : group.array("element")) {
                element(element);
            }
        }
        unmapped(groups);
    }

    private static boolean selected(Json group, String name, Optional<String> wanted) throws InvalidCodeMap {
        return wanted.isEmpty() || wanted.get().equals(group.text(name));
    }

    /** The one system of all groups. */
    private static String only(Json map, List<Json> groups, String name) throws InvalidCodeMap {
        Set<String> systems = new LinkedHashSet<>();
        for (Json group : groups) {
            systems.add(group.text(name));
        }
        if (systems.size() > 1) {
            throw InvalidCodeMap.of(
                    map.place(),
                    "group." + name,
                    systems.size() + " " + name + " systems in one map",
                    "name the one that is meant, and declare a map for each");
        }
        return systems.isEmpty() ? "" : systems.iterator().next();
    }

    private void findProperties(Json group) throws InvalidCodeMap {
        for (Json element : group.array("element")) {
            for (Json target : element.array("target")) {
                for (Json dependency : target.array("dependsOn")) {
                    String property = property(dependency);
                    if (!properties.contains(property)) {
                        properties.add(property);
                    }
                }
            }
        }
    }

    private void key() {
        List<KeyPart> key = new ArrayList<>(into.key().isEmpty() ? List.of(KeyPart.of("code")) : into.key());
        if (key.size() > 1) {
            throw new IllegalArgumentException("the key of a FHIR map is its code and what it depends on");
        }
        properties.forEach(property -> key.add(KeyPart.of(property)));
        into.key(key);
        into.allowChoice();
    }

    private void element(Json element) throws InvalidCodeMap {
        String code = element.text("code");
        if (refusesValueSet(element)) {
            return;
        }
        if (code.isEmpty()) {
            into.remark(element.place(), element.path(), "an element without code", "nothing can be looked up by it");
            return;
        }
        List<Json> targets = element.array("target");
        if (element.flag("noMap")) {
            into.noMap(element.place(), List.of(code));
        } else if (targets.isEmpty()) {
            into.remark(
                    element.place(),
                    element.path(),
                    "a code without target",
                    "it is unknown; say noMap or unmatched where there is none");
            return;
        }
        List<Json> excluded = new ArrayList<>();
        for (Json target : targets) {
            Claim claim = claim(target);
            if (claim == Claim.NOT_THIS) {
                excluded.add(target);
            } else if (!refusesValueSet(target)) {
                target(code, target, claim);
            }
        }
        if (!excluded.isEmpty() && excluded.size() == targets.size()) {
            into.noMap(excluded.get(0).place(), List.of(code));
        }
    }

    private boolean refusesValueSet(Json json) {
        if (json.field("valueSet").isEmpty()) {
            return false;
        }
        into.refuse(json.place(), json.path() + ".valueSet", "a value set in the place of a code", "list its codes");
        return true;
    }

    private Claim claim(Json target) throws InvalidCodeMap {
        String name = target.field("relationship").isPresent() ? "relationship" : "equivalence";
        Optional<Claim> claim = Claim.ofFhir(target.text(name));
        if (claim.isEmpty()) {
            into.refuse(
                    target.place(),
                    target.path() + "." + name,
                    "neither an equivalence of R4 nor a relationship of R5",
                    "write one, such as equivalent");
        }
        return claim.orElse(Claim.NOT_THIS);
    }

    private void target(String code, Json target, Claim claim) throws InvalidCodeMap {
        List<String> key = new ArrayList<>(List.of(code));
        if (!target.array("dependsOn").isEmpty()) {
            key.addAll(conditions(target));
        }
        if (claim == Claim.NO_MAP) {
            into.noMap(target.place(), key);
            if (!target.array("product").isEmpty()) {
                into.remark(target.place(), target.path(), "products of a target that is none", "they are not used");
            }
            return;
        }
        String found = target.text("code");
        if (found.isEmpty()) {
            into.refuse(target.place(), target.path() + ".code", "a target without code", "write it, or say unmatched");
            return;
        }
        Target translated =
                Target.of(found, target.text("display"), claim.relation().orElseThrow());
        List<Json> products = target.array("product");
        if (products.isEmpty()) {
            into.target(target.place(), key, translated);
            return;
        }
        int scenario = scenarios.merge(key, 1, Integer::sum);
        into.part(target.place(), key, scenario, 1, translated);
        int part = 1;
        for (Json product : products) {
            part++;
            into.part(product.place(), key, scenario, part, product(product, translated.relation()));
        }
    }

    /** The values that a target depends on, in the order of the key. */
    private List<String> conditions(Json target) throws InvalidCodeMap {
        List<String> values = new ArrayList<>();
        for (String property : properties) {
            Optional<String> value = Optional.empty();
            for (Json dependency : target.array("dependsOn")) {
                if (property(dependency).equals(property)) {
                    value = value(dependency);
                }
            }
            if (value.isEmpty()) {
                into.refuse(
                        target.place(),
                        target.path() + ".dependsOn",
                        "depends on some of the properties of this map and not on all, or on no single value",
                        "give each target all of them, with a code or a text, or none");
            }
            values.add(value.orElse(""));
        }
        return values;
    }

    private static Target product(Json product, Relation relation) throws InvalidCodeMap {
        Optional<String> value = value(product);
        if (value.isEmpty() || value.get().isEmpty()) {
            throw InvalidCodeMap.of(product.place(), product.path(), "a product without value", "give it a code");
        }
        Json coding = product.field("valueCoding").orElse(product);
        return new Target(value.get(), coding.text("display"), relation, coding.text("system"), property(product));
    }

    /** What a dependency or product is about: R4's property, R5's attribute. */
    private static String property(Json json) throws InvalidCodeMap {
        String property = json.text(json.field("attribute").isPresent() ? "attribute" : "property");
        if (property.isEmpty()) {
            throw InvalidCodeMap.of(
                    json.place(), json.path(), "names no property", "name the property or attribute it is about");
        }
        return property;
    }

    /** R4's value, or R5's valueCode, valueString, valueBoolean or the code of valueCoding. */
    private static Optional<String> value(Json json) throws InvalidCodeMap {
        if (json.field("valueCoding").isPresent()) {
            return Optional.of(json.field("valueCoding").get().text("code"));
        }
        for (String name : List.of("value", "valueCode", "valueString")) {
            if (json.field(name).isPresent()) {
                return Optional.of(json.text(name));
            }
        }
        return json.field("valueBoolean").flatMap(Json::scalar);
    }

    private void unmapped(List<Json> groups) throws InvalidCodeMap {
        Optional<Unmapped> found = Optional.empty();
        for (Json group : groups) {
            Optional<Json> said = group.field("unmapped");
            if (said.isEmpty()) {
                continue;
            }
            Unmapped unmapped = unmapped(said.get());
            if (found.isPresent() && !found.get().equals(unmapped)) {
                into.refuse(
                        said.get().place(),
                        said.get().path(),
                        "says something else than another group of the same systems",
                        "keep one of them");
            }
            found = Optional.of(unmapped);
        }
        found.ifPresent(into::unmapped);
    }

    private static Unmapped unmapped(Json said) throws InvalidCodeMap {
        Relation relation =
                Claim.ofFhir(said.text("relationship")).flatMap(Claim::relation).orElse(Relation.RELATED);
        return switch (said.text("mode")) {
            case "provided", "use-source-code" -> new Unmapped.Provided(relation);
            case "fixed" -> fixed(said, relation);
            case "other-map" ->
                new Unmapped.OtherMap(
                        said.text(said.field("otherMap").isPresent() ? "otherMap" : "url"), Optional.empty());
            default ->
                throw InvalidCodeMap.of(
                        said.place(),
                        said.path() + ".mode",
                        "not a mode of R4 or R5",
                        "write provided, use-source-code, fixed or other-map");
        };
    }

    private static Unmapped fixed(Json said, Relation relation) throws InvalidCodeMap {
        String code = said.text("code");
        if (code.isEmpty()) {
            throw InvalidCodeMap.of(said.place(), said.path(), "a fixed code is missing", "give it a code");
        }
        return new Unmapped.Fixed(Target.of(code, said.text("display"), relation));
    }
}
