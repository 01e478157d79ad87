package io.pitstop.traffic.haproxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HaproxyBackendTest {
    private static final String NAMES =
            "# pxname,svname,qcur,scur,stot,econ,eresp,wretr,wredis,status,bck,check_status,hrsp_5xx,last_chk,cookie,algo,uweight,\n";

    @Test
    void values_may_have_commas_and_quotes_in_them() {
        HaproxyBackend backend = HaproxyBackend.parsed(NAMES
                        + "blog,blue,2,1,20,3,1,4,1,DOWN 1/2,0,L7STS,5,\"said \"\"no\"\", twice\",,,30,\n"
                        + "blog,BACKEND,0,0,20,0,0,0,0,UP,0,,0,,,leastconn,30,\n\n")
                .orElseThrow();

        assertThat(backend)
                .isEqualTo(new HaproxyBackend(
                        "leastconn",
                        List.of(new HaproxyBackend.Server(
                                "blue", 30, "DOWN 1/2", false, "", "L7STS said \"no\", twice", 1, 2, 15, 9))));
    }

    @Test
    void what_is_not_the_answer_is_not_taken_for_one() {
        for (String garbage : new String[] {
            "",
            "\n",
            "Unknown command.\n\n",
            NAMES + "blog,blue,0\n\n",
            NAMES + "blog,blue,0,0,0,0,0,0,0,UP,0,L7OK,0,,,,,\n\n", // too old to tell the configured weight
            NAMES + "blog,blue,0,many,0,0,0,0,0,UP,0,L7OK,0,,,,100,\n\n"
        }) {
            assertThat(HaproxyBackend.parsed(garbage)).as(garbage).isEmpty();
        }
    }
}
