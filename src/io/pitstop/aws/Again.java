package io.pitstop.aws;

import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;

/** Tells of each attempt of a call that is not its first. */
final class Again implements ExecutionInterceptor {
    private static final ExecutionAttribute<Boolean> TRIED = new ExecutionAttribute<>("pitstop.tried");

    private final Runnable again;

    Again(Runnable again) {
        this.again = again;
    }

    /** Comes before each attempt; the attributes are those of the call. */
    @Override
    public void beforeTransmission(Context.BeforeTransmission attempt, ExecutionAttributes call) {
        if (call.getAttribute(TRIED) != null) {
            again.run();
        }
        call.putAttribute(TRIED, true);
    }
}
