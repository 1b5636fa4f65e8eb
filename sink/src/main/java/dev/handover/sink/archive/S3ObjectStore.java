package dev.handover.sink.archive;

import dev.handover.fault.ExitCode;
import dev.handover.fault.Fault;
import dev.handover.fault.Retry;
import java.time.Duration;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
    /** Answers below 500 that may be others a moment later: timeout, conflict with a write of that name, too much. */
    private static final Set<Integer> PASSING = Set.of(408, 409, 429);

    private static final int SERVER_ERROR = 500;
    private static final Duration CALL_MAX = Duration.ofSeconds(60);

    private static final Logger log = LoggerFactory.getLogger(S3ObjectStore.class);

    private final S3Client client;
    private final ArchiveConfig config;
    private final Retry retry;

    /**
     * A store that nothing was asked of yet.
     *
     * @param retry how long a store that does not answer is waited for
     */
    public S3ObjectStore(ArchiveConfig config, Retry retry) {
        this.config = config;
        this.retry = retry;
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
            retrying(() -> client.putObject(
                    request -> request.bucket(config.bucket())
                            .key(key(name))
                            .contentType("avro/binary")
                            .ifNoneMatch("*"),
                    RequestBody.fromBytes(object)));
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
            return retrying(() -> client.getObjectAsBytes(
                            request -> request.bucket(config.bucket()).key(key(name)))
                    .asByteArray());
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

    private <T> T retrying(Supplier<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return work.get();
            } catch (SdkException e) {
                if (!mayPass(e) || attempt >= retry.attemptsMax()) {
                    throw e;
                }
                log.atWarn()
                        .addKeyValue("failure", failure(e))
                        .addKeyValue("attempt", attempt)
                        .log("the archive failed; trying again");
                try {
                    retry.await(attempt);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw e;
                }
            }
        }
    }

    /** Whether the same request may be answered otherwise a moment later. What never reached a server always may. */
    private static boolean mayPass(SdkException e) {
        return !(e instanceof S3Exception answer)
                || answer.statusCode() >= SERVER_ERROR
                || PASSING.contains(answer.statusCode());
    }

    /** What a person needs to find the reason; never the text of an answer, which quotes what was asked. */
    private static String failure(SdkException e) {
        if (e instanceof S3Exception answer) {
            return "HTTP " + answer.statusCode();
        }
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getClass().getSimpleName();
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
                "the bucket \"" + config.bucket() + "\" of the archive "
                        + (denied ? "refused us" : "does not answer (" + failure(e) + ")"),
                denied
                        ? "allow PutObject and GetObject below \"" + config.prefix() + "\", or correct archive's keys"
                        : "start the store, or correct archive.endpoint and archive.bucket; nothing was written");
    }

    @Override
    public void close() {
        client.close();
    }
}
