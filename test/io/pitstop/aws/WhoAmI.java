package io.pitstop.aws;

import io.pitstop.config.AwsConfig;
import io.pitstop.error.InvalidConfig;
import java.util.Optional;
import software.amazon.awssdk.core.exception.SdkException;

/** Asks AWS as whom a process acts that was started with this environment, and prints the answer. */
final class WhoAmI {
    private WhoAmI() {}

    /** @param arguments the role to assume, and its external id; none to act as who we are */
    public static void main(String[] arguments) {
        AwsConfig config = new AwsConfig(
                Optional.empty(),
                arguments.length > 0 ? Optional.of(arguments[0]) : Optional.empty(),
                arguments.length > 1 ? Optional.of(arguments[1]) : Optional.empty());
        try {
            System.out.println("I am "
                    + new Aws(config)
                            .identity()
                            .getCallerIdentity(request -> {})
                            .arn());
        } catch (SdkException e) {
            System.out.println("no answer: " + AwsFailure.words(e));
        } catch (InvalidConfig e) {
            System.out.println("wrong settings: " + e.getMessage() + " Next: " + e.hint());
        }
    }
}
