package io.pitstop.aws;

import io.pitstop.error.DependencyFailed;
import io.pitstop.error.Interrupted;
import io.pitstop.error.InvalidConfig;
import io.pitstop.error.PitstopException;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/** Tells what a failure of the SDK means for whoever runs the command. */
public final class AwsFailure {
    private static final String SETTINGS = "Set AWS_REGION and credentials, or aws.region and aws.role in pitstop.yml.";
    private static final Set<String> DENIED = Set.of(
            "AccessDenied",
            "AccessDeniedException",
            "UnauthorizedOperation",
            "InvalidClientTokenId",
            "SignatureDoesNotMatch",
            "ExpiredToken",
            "ExpiredTokenException",
            "UnrecognizedClientException",
            "OptInRequired");

    private AwsFailure() {}

    /**
     * What to throw instead of {@code failure}; for questions, which change nothing.
     *
     * @param doing what was asked, such as {@code "The listener … cannot be read"}
     */
    public static PitstopException of(String doing, SdkException failure) {
        if (failure instanceof AbortedException) {
            return Interrupted.whileDoing("AWS was asked");
        }
        String message = doing + ": " + words(failure);
        if (isDenied(failure)) {
            return new InvalidConfig(
                    message,
                    "Give the agent's role what docs/aws/README.md lists, or correct its credentials.",
                    failure);
        }
        if (isWithoutSettings(failure)) {
            return new InvalidConfig(message, SETTINGS, failure);
        }
        return new DependencyFailed(message, "Run the step again.", failure);
    }

    /** What to throw if no client can be made of what the environment and pitstop.yml say. */
    static InvalidConfig ofSettings(RuntimeException failure) {
        if (String.valueOf(failure.getMessage()).startsWith("Unable to load region")) {
            return new InvalidConfig(
                    "AWS cannot be asked: nobody says in which region, neither pitstop.yml nor AWS_REGION, a profile or"
                            + " the machine.",
                    SETTINGS,
                    failure);
        }
        return new InvalidConfig(
                "AWS cannot be asked with these settings: " + failure.getMessage() + ".",
                "Correct AWS_ENDPOINT_URL, AWS_REGION and the profile of AWS_PROFILE.",
                failure);
    }

    /** True if AWS refused for want of permission or valid credentials. */
    public static boolean isDenied(SdkException failure) {
        return code(failure).filter(DENIED::contains).isPresent();
    }

    /** The error code that AWS gave, such as {@code ListenerNotFound}; empty if it gave none. */
    public static Optional<String> code(SdkException failure) {
        return failure instanceof AwsServiceException service && service.awsErrorDetails() != null
                ? Optional.ofNullable(service.awsErrorDetails().errorCode())
                : Optional.empty();
    }

    /** Code and message of AWS, or what the SDK says if AWS did not answer; without the request. */
    public static String words(SdkException failure) {
        if (failure instanceof AwsServiceException service && service.awsErrorDetails() != null) {
            return service.awsErrorDetails().errorCode() + ", "
                    + service.awsErrorDetails().errorMessage();
        }
        return String.valueOf(failure.getMessage());
    }

    private static boolean isWithoutSettings(SdkException failure) {
        String message = String.valueOf(failure.getMessage());
        return failure instanceof SdkClientException
                && (message.startsWith("Unable to load region") || message.startsWith("Unable to load credentials"));
    }
}
