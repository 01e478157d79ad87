package io.pitstop.gate;

import io.pitstop.config.GateConfig;
import io.pitstop.config.Quantity;
import io.pitstop.error.Interrupted;
import io.pitstop.http.WholeAnswer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.TimeUnit;

/**
 * A request to the candidate's own address, which must be answered with a status in time.
 *
 * <p>One bad answer leaves the gate undecided, two in a row make it unhealthy; no answer is a bad one.
 */
final class HttpGate implements Gate {
    private static final int BAD_IN_A_ROW = 2;

    private final GateConfig.Http config;
    private final HttpClient client;
    private final HttpRequest request;
    private int asked;
    private int bad;

    HttpGate(GateConfig.Http config, URI candidate, HttpClient client) {
        this.config = config;
        this.client = client;
        String base = candidate.toString().replaceAll("/+$", "");
        this.request = HttpRequest.newBuilder(URI.create(base + config.path())).build();
    }

    @Override
    public void begin() {
        asked = 0;
        bad = 0;
    }

    @Override
    public Verdict judge() {
        long begun = System.nanoTime();
        try {
            int status = WholeAnswer.to(request, client, HttpResponse.BodyHandlers.discarding(), config.within())
                    .statusCode();
            long ms = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
            return verdict(status == config.expect(), "status " + status + " in " + ms + " ms");
        } catch (HttpTimeoutException e) {
            return verdict(false, "no answer in " + Quantity.text(config.within()));
        } catch (ConnectException e) {
            return verdict(false, "no connection");
        } catch (IOException e) {
            return verdict(false, "no answer: " + e);
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("a gate waited for GET " + config.path());
        }
    }

    private Verdict verdict(boolean good, String value) {
        asked++;
        bad = good ? 0 : bad + 1;
        Verdict.Answer answer = bad >= BAD_IN_A_ROW
                ? Verdict.Answer.UNHEALTHY
                : bad > 0 ? Verdict.Answer.UNDECIDED : Verdict.Answer.HEALTHY;
        return new Verdict(
                "http GET " + config.path(),
                answer,
                bad > 1 ? value + ", " + bad + " bad answers in a row" : value,
                "status " + config.expect() + " within " + Quantity.text(config.within()),
                asked,
                request.uri().getHost()
                        + (request.uri().getPort() < 0
                                ? ""
                                : ":" + request.uri().getPort()));
    }
}
