package dev.handover.deploy.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Exception;

class ObjectServerIT {
    @Test
    void storesConditionallyForSignedRequestsAndKeepsObjectsThroughSigkill(@TempDir Path directory) {
        try (StateDirectory state = StateDirectory.open(directory);
                ServerProcess<Endpoints.Objects> server = ObjectServer.start(state, Caches.shared());
                S3Client client =
                        client(server.endpoint(), server.endpoint().secretKey().text());
                S3Client stranger = client(server.endpoint(), "wrong")) {
            String bucket = server.endpoint().bucket();
            client.putObject(r -> r.bucket(bucket).key("a/b").ifNoneMatch("*"), RequestBody.fromString("first"));
            assertThat(status(() -> client.putObject(
                            r -> r.bucket(bucket).key("a/b").ifNoneMatch("*"), RequestBody.fromString("second"))))
                    .isEqualTo(412);
            assertThat(status(() -> stranger.listObjectsV2(r -> r.bucket(bucket))))
                    .isEqualTo(403);

            server.kill();
            server.restart();

            assertThat(client.getObjectAsBytes(r -> r.bucket(bucket).key("a/b")).asUtf8String())
                    .isEqualTo("first");
        }
    }

    private static int status(Runnable call) {
        int[] status = new int[1];
        assertThatThrownBy(call::run).isInstanceOfSatisfying(S3Exception.class, e -> status[0] = e.statusCode());
        return status[0];
    }

    private static S3Client client(Endpoints.Objects endpoint, String secret) {
        return S3Client.builder()
                .endpointOverride(endpoint.url())
                .region(Region.of(endpoint.region()))
                .forcePathStyle(true)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(endpoint.accessKey(), secret)))
                .build();
    }
}
