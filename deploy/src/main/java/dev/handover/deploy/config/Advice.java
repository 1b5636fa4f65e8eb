package dev.handover.deploy.config;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What is allowed in a pipeline file and yet worth a warning. */
public final class Advice {
    private Advice() {}

    /** Warnings in the order of the file. */
    public static List<String> of(PipelineConfig pipeline) {
        List<String> advice = new ArrayList<>();
        boolean clear = Stream.of(KafkaConfig.Protocol.PLAINTEXT, KafkaConfig.Protocol.SASL_PLAINTEXT)
                .anyMatch(pipeline.kafka().security().protocol()::equals);
        pipeline.kafka().bootstrap().stream()
                .map(broker -> broker.substring(0, broker.indexOf(':')))
                .filter(host -> clear && !isLocal(host))
                .findFirst()
                .ifPresent(host -> advice.add("kafka.security.protocol: records travel to " + host + " unencrypted"));
        if ("http".equals(pipeline.registry().url().getScheme())
                && !isLocal(pipeline.registry().url().getHost())) {
            advice.add("registry.url: schemas travel unencrypted and could be replaced on the way");
        }
        for (SourceConfig source : pipeline.sources()) {
            connection("source " + source.name(), source.host(), source.tls().mode(), advice);
        }
        for (SinkConfig sink : pipeline.sinks()) {
            connection("sink " + sink.name(), host(sink), sink.tls().mode(), advice);
        }
        return List.copyOf(advice);
    }

    private static void connection(String who, String host, TlsConfig.Mode mode, List<String> advice) {
        if (isLocal(host)) {
            return;
        }
        if (mode == TlsConfig.Mode.DISABLE) {
            advice.add(who + ": rows travel to " + host + " unencrypted; set tls.mode to verify-full");
        } else if (mode == TlsConfig.Mode.REQUIRE) {
            advice.add(who + ": nobody checks that " + host + " is the right server; set tls.mode to verify-full");
        }
    }

    private static String host(SinkConfig sink) {
        String host = URI.create(sink.jdbcUrl().substring("jdbc:".length())).getHost();
        return host == null ? "the server" : host;
    }

    private static boolean isLocal(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]") || host.equals("::1");
    }
}
