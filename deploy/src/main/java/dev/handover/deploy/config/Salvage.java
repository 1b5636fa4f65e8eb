package dev.handover.deploy.config;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * What can be used of a file that is wrong in part: its sound sections, sources and tables, with stand-ins for the
 * rest. It is only good for looking at the tables, so that one mistake does not hide another.
 */
final class Salvage {
    private static final String STAND_INS = """
            apiVersion: handover/v1
            kind: Pipeline
            metadata: {name: stand-in}
            kafka: {bootstrap: ["localhost:1"]}
            registry: {url: "http://localhost:1"}
            digest: {key: "${env:HANDOVER_STAND_IN}"}
            sources: [{name: stand-in, kind: postgres, host: localhost, database: d, user: u,
                password: "${env:HANDOVER_STAND_IN}"}]
            sinks: [{name: stand-in, kind: postgres, url: "jdbc:postgresql://localhost/d", user: u,
                password: "${env:HANDOVER_STAND_IN}"}]
            """;

    private Salvage() {}

    /**
     * A pipeline and which of the file's tables its tables are.
     *
     * @param places by place in the pipeline, the place in the file
     */
    record Sound(PipelineConfig pipeline, List<Integer> places) {
        Sound {
            places = List.copyOf(places);
        }
    }

    /** Of a file as it was read; empty where there is nothing to look at. */
    static Optional<Sound> of(Node root, Binder read) {
        if (!(root instanceof MappingNode file)
                || !(new Yaml(new LoaderOptions()).compose(new StringReader(STAND_INS)) instanceof MappingNode made)) {
            return Optional.empty();
        }
        List<Integer> places = new ArrayList<>();
        Map<String, NodeTuple> kept = new LinkedHashMap<>();
        made.getValue().forEach(entry -> name(entry).ifPresent(name -> kept.put(name, entry)));
        for (NodeTuple entry : file.getValue()) {
            name(entry).ifPresent(name -> {
                if (name.equals("tables") || name.equals("sources")) {
                    List<Integer> sound = name.equals("tables") ? places : new ArrayList<>();
                    sound(name, entry, read, sound).ifPresent(list -> kept.put(name, list));
                } else if (read.values().containsKey(name)) {
                    kept.put(name, entry);
                }
            });
        }
        Node whole = new MappingNode(
                file.getTag(),
                true,
                List.copyOf(kept.values()),
                file.getStartMark(),
                file.getEndMark(),
                file.getFlowStyle());
        // whose places nobody asks for
        return new Binder("")
                .bind(Shape.pipeline(), whole, "")
                .map(pipeline -> new Sound((PipelineConfig) pipeline, places));
    }

    private static Optional<String> name(NodeTuple entry) {
        return entry.getKeyNode() instanceof ScalarNode key ? Optional.of(key.getValue()) : Optional.empty();
    }

    /** The elements of a list that could be made; empty where none could. */
    private static Optional<NodeTuple> sound(String name, NodeTuple entry, Binder read, List<Integer> places) {
        List<Node> elements = new ArrayList<>();
        if (entry.getValueNode() instanceof SequenceNode list) {
            for (int i = 0; i < list.getValue().size(); i++) {
                if (read.values().containsKey(name + "[" + i + "]")) {
                    elements.add(list.getValue().get(i));
                    places.add(i);
                }
            }
            if (!elements.isEmpty()) {
                Node sound = new SequenceNode(
                        list.getTag(), true, elements, list.getStartMark(), list.getEndMark(), list.getFlowStyle());
                return Optional.of(new NodeTuple(entry.getKeyNode(), sound));
            }
        }
        return Optional.empty();
    }
}
