package dev.handover.deploy.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.handover.deploy.pipeline.Assembly;
import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.KafkaFuture;

/** What a pipeline has in Kafka and in the registry: topics, consumer groups, subjects; found by how names begin. */
final class GivenTopics {
    private static final Duration ANSWER_MAX = Duration.ofSeconds(30);

    private final Assembly assembly;

    GivenTopics(Assembly assembly) {
        this.assembly = assembly;
    }

    /** What every name begins with, before a dot, or before the name of the transform. */
    String prefix() {
        return assembly.topics().pipeline();
    }

    /** One of its topics, if there is any. */
    Optional<String> existing() {
        try (Admin admin = admin()) {
            return ours(answer(admin.listTopics().names())).stream().sorted().findFirst();
        }
    }

    /** Removes what Kafka has of it. The sink is a member of its group by name, and so is one until it is removed. */
    void remove() {
        try (Admin admin = admin()) {
            List<String> groups = ours(answer(admin.listGroups().all()).stream()
                    .map(GroupListing::groupId)
                    .toList());
            for (String group : groups) {
                answer(admin.removeMembersFromConsumerGroup(group, new RemoveMembersFromConsumerGroupOptions())
                        .all());
            }
            if (!groups.isEmpty()) {
                answer(admin.deleteConsumerGroups(groups).all());
            }
            List<String> topics = ours(answer(admin.listTopics().names()));
            if (!topics.isEmpty()) {
                answer(admin.deleteTopics(topics).all());
            }
        }
    }

    /** Removes what the registry has of it. */
    void removeSubjects() {
        HttpClient client = HttpClient.newBuilder().connectTimeout(ANSWER_MAX).build();
        try {
            List<?> all = new ObjectMapper().readValue(call(client, "GET", "/subjects"), List.class);
            for (String subject : ours(all.stream().map(String::valueOf).toList())) {
                call(client, "DELETE", "/subjects/" + subject);
                call(client, "DELETE", "/subjects/" + subject + "?permanent=true");
            }
        } catch (IOException e) {
            throw unreachable(
                    e, "the registry " + assembly.pipeline().registry().url());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(
                    e, "the registry " + assembly.pipeline().registry().url());
        }
    }

    private String call(HttpClient client, String method, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(assembly.pipeline().registry().url() + path))
                .timeout(ANSWER_MAX)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        // Apicurio removes for good at once, and then knows the subject no longer
        if (response.statusCode() != 200 && !(method.equals("DELETE") && response.statusCode() == 404)) {
            throw new IOException("status " + response.statusCode());
        }
        return response.body();
    }

    private List<String> ours(Collection<String> names) {
        return names.stream()
                .filter(name -> name.startsWith(prefix() + ".") || name.startsWith(prefix() + "-transform"))
                .toList();
    }

    private Admin admin() {
        return Admin.create(new HashMap<>(assembly.kafka()));
    }

    private <T> T answer(KafkaFuture<T> future) {
        try {
            return future.get(ANSWER_MAX.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(e, "Kafka");
        } catch (ExecutionException | TimeoutException e) {
            throw unreachable(e, "Kafka");
        }
    }

    private static Fault unreachable(Exception e, String what) {
        return Fault.causedBy(
                e,
                ExitCode.UNREACHABLE,
                "bench-unreachable",
                what + " does not answer as it should",
                "see that it runs, and that the user may list and delete what it made");
    }
}
