package io.pitstop.traffic;

import java.util.Arrays;
import java.util.regex.Pattern;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;

/** Tells an order that AWS refused from one whose answer was lost. */
final class Refusal {
    /** In the message that the SDK keeps of each attempt but the last. */
    private static final Pattern REFUSED = Pattern.compile("Status Code: 4\\d\\d");

    private Refusal() {}

    /** True if each attempt was answered with a refusal; an attempt without an answer may have been taken, or may be yet. */
    static boolean isCertain(SdkException failure) {
        return failure instanceof AwsServiceException service
                && service.statusCode() / 100 == 4
                && Arrays.stream(failure.getSuppressed())
                        .allMatch(earlier -> REFUSED.matcher(String.valueOf(earlier.getMessage()))
                                .find());
    }
}
