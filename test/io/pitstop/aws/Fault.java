package io.pitstop.aws;

import com.sun.net.httpserver.HttpExchange;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** What happens to one call on its way to a service and back. */
@FunctionalInterface
public interface Fault {
    /** @param service carries the call out, as often as it is asked */
    void befall(HttpExchange call, Service service) throws IOException;

    /** Carries a call out. */
    interface Service {
        Answer perform() throws IOException;
    }

    /** An answer of a service. */
    record Answer(int status, Map<String, String> headers, byte[] body) {
        /** An answer as XML. */
        public static Answer of(int status, String body) {
            return new Answer(status, Map.of("Content-Type", "text/xml"), body.getBytes(StandardCharsets.UTF_8));
        }

        /** An error as services with the query protocol tell it. */
        public static Answer error(int status, String code, String message) {
            return of(
                    status,
                    "<ErrorResponse><Error><Type>" + (status < 500 ? "Sender" : "Receiver") + "</Type><Code>" + code
                            + "</Code><Message>" + message
                            + "</Message></Error><RequestId>0</RequestId></ErrorResponse>");
        }

        void to(HttpExchange call) throws IOException {
            headers.forEach(call.getResponseHeaders()::set);
            call.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            call.getResponseBody().write(body);
            call.close();
        }
    }

    /** No fault at all. */
    public static Fault none() {
        return (call, service) -> service.perform().to(call);
    }

    /** AWS finds that we ask too much; nothing is done. */
    public static Fault throttled() {
        return refused(400, "Throttling", "Rate exceeded");
    }

    public static Fault denied() {
        return refused(403, "AccessDenied", "User: arn:aws:iam::123456789012:user/ci is not authorized");
    }

    /** An error of the service, before it did anything. */
    public static Fault refused(int status, String code, String message) {
        return (call, service) -> Answer.error(status, code, message).to(call);
    }

    /** An error of the service, after it did what it was asked for. */
    public static Fault failedAfter(int status) {
        return (call, service) -> {
            service.perform();
            Answer.error(status, "InternalFailure", "An internal error has occurred")
                    .to(call);
        };
    }

    /** The connection ends before the call has come to the service. */
    public static Fault lostBefore() {
        return (call, service) -> call.close();
    }

    /** The connection ends after the service did what it was asked for. */
    public static Fault lostAfter() {
        return (call, service) -> {
            service.perform();
            call.close();
        };
    }

    /** The answer breaks off in its middle. */
    public static Fault cut() {
        return (call, service) -> {
            Answer whole = service.perform();
            ByteArrayOutputStream half = new ByteArrayOutputStream();
            half.write(whole.body(), 0, whole.body().length / 2);
            call.sendResponseHeaders(whole.status(), whole.body().length);
            call.getResponseBody().write(half.toByteArray());
            call.getResponseBody().flush();
            call.close();
        };
    }

    /** The call comes to the service after {@code delay}, whether its caller still waits or not. */
    public static Fault late(Duration delay) {
        return (call, service) -> {
            pause(delay);
            service.perform().to(call);
        };
    }

    /** The service works at once, its answer comes after {@code delay}. */
    public static Fault slow(Duration delay) {
        return (call, service) -> {
            Answer answer = service.perform();
            pause(delay);
            answer.to(call);
        };
    }

    /** Something else happens just before the call is carried out. */
    public static Fault after(Runnable meanwhile, Fault then) {
        return (call, service) -> {
            meanwhile.run();
            then.befall(call, service);
        };
    }

    private static void pause(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
