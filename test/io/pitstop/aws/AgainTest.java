package io.pitstop.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.elasticloadbalancingv2.ElasticLoadBalancingV2Client;

/** Calls to AWS that have to be tried more than once, with the retries of production. */
class AgainTest {
    private final FakeElb elb = new FakeElb();
    private final AtomicInteger again = new AtomicInteger();

    @AfterEach
    void stop() {
        elb.close();
    }

    @Test
    void each_attempt_but_the_first_of_a_call_is_told() {
        elb.then("DescribeTargetGroups", Fault.throttled(), Fault.failedAfter(503), Fault.none());
        try (ElasticLoadBalancingV2Client client =
                elb.aws().telling(again::incrementAndGet).loadBalancing()) {
            client.describeTargetGroups();
            assertThat(again).hasValue(2);

            client.describeTargetGroups();
            client.describeLoadBalancers();
        }

        assertThat(again).hasValue(2);
    }
}
