package dev.handover.sink.archive;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** Objects in a bucket of an S3-compatible store, written under the condition that there is none of that name. */
public final class S3ObjectStore implements ObjectStore {
    private static final int PRECONDITION_FAILED = 412;
    private static final int FORBIDDEN = 403;
    private static final Duration CALL_MAX = Duration.ofSeconds(60);

    private final S3Client client;
    private final ArchiveConfig config;

    /** A store that nothing was asked of yet. */
    public S3ObjectStore(ArchiveConfig config) {
        this.config = config;
        S3ClientBuilder builder = S3Client.builder()
                .region(Region.of(config.region()))
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .overrideConfiguration(overrides -> overrides.apiCallTimeout(CALL_MAX));
        config.endpoint()
                .ifPresent(endpoint -> builder.endpointOverride(endpoint).forcePathStyle(true));
        config.credentials()
                .ifPresent(keys -> builder.credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(keys.accessKey(), keys.secretKey()))));
        this.client = builder.build();
    }

    @Override
    public void put(String name, byte[] object) {
        try {
            client.putObject(
                    request -> request.bucket(config.bucket())
                            .key(key(name))
                            .contentType("avro/binary")
                            .ifNoneMatch("*"),
                    RequestBody.fromBytes(object));
        } catch (S3Exception e) {
            if (e.statusCode() != PRECONDITION_FAILED) {
                throw fault(e);
            }
        } catch (SdkException e) {
            throw fault(e);
        }
    }

    @Override
    public byte[] get(String name) {
        try {
            return client.getObjectAsBytes(
                            request -> request.bucket(config.bucket()).key(key(name)))
                    .asByteArray();
        } catch (NoSuchKeyException e) {
            throw Fault.causedBy(
                    e,
                    ExitCode.FAILED,
                    "archive-object-missing",
                    "the archive has no object " + key(name),
                    "restore it from the bucket's versions or its backup; rows point to it");
        } catch (SdkException e) {
            throw fault(e);
        }
    }

    private String key(String name) {
        return config.prefix().isEmpty() ? name : config.prefix() + "/" + name;
    }

    private Fault fault(SdkException e) {
        boolean denied = e instanceof S3Exception answer && answer.statusCode() == FORBIDDEN;
        return Fault.causedBy(
                e,
                denied ? ExitCode.DENIED : ExitCode.UNREACHABLE,
                denied ? "archive-denied" : "archive-unreachable",
                "the bucket \"" + config.bucket() + "\" of the archive " + (denied ? "refused us" : "does not answer"),
                denied
                        ? "allow PutObject and GetObject below \"" + config.prefix() + "\", or correct archive's keys"
                        : "start the store, or correct archive.endpoint and archive.bucket; nothing was written");
    }

    @Override
    public void close() {
        client.close();
    }
}
