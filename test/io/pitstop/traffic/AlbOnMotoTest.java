package io.pitstop.traffic;

import io.pitstop.aws.Hop;
import io.pitstop.aws.Moto;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;

class AlbOnMotoTest {
    @Test
    void probe() {
        try (Moto moto = Moto.start();
                Hop hop = new Hop(moto.address())) {
            CloudWatchClient cw = io.pitstop.aws.FakeElb.aws(hop.address()).cloudWatch();
            try {
                System.out.println(cw.listMetrics());
            } catch (RuntimeException e) {
                System.out.println(e);
            }
            System.out.println(hop.calls());
            try {
                System.out.println(moto.aws().loadBalancing().describeLoadBalancers());
            } catch (RuntimeException e) {
                System.out.println(e);
            }
        }
    }
}
