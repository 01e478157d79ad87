package io.pitstop.proxy;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** One connection that never tries anything again, so that no failure of the proxy stays hidden. */
final class KeepAliveClient implements AutoCloseable {
    private static final int LIMIT_MILLIS = 20_000;

    private final Socket socket = new Socket();
    private final InputStream in;

    KeepAliveClient(InetSocketAddress address) throws IOException {
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(LIMIT_MILLIS);
        socket.connect(address, LIMIT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream(), 64 * 1024);
    }

    record Answer(int status, Map<String, String> headers, String body) {
        String colour() {
            return headers.getOrDefault("x-pitstop-colour", "none");
        }
    }

    Answer get(String target) throws IOException {
        return ask("GET", target, "", new byte[0]);
    }

    Answer head(String target) throws IOException {
        send("HEAD", target, "", new byte[0]);
        return read(false);
    }

    Answer post(String target, String body) throws IOException {
        return ask("POST", target, "", body.getBytes(StandardCharsets.US_ASCII));
    }

    /** @param headers whole lines, each with its line end */
    Answer ask(String method, String target, String headers, byte[] body) throws IOException {
        send(method, target, headers, body);
        return read();
    }

    void send(String method, String target, String headers, byte[] body) throws IOException {
        ByteArrayOutputStream request = new ByteArrayOutputStream();
        String length = body.length == 0 ? "" : "Content-Length: " + body.length + "\r\n";
        request.writeBytes((method + " " + target + " HTTP/1.1\r\nHost: blog.test\r\n" + headers + length + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        request.writeBytes(body);
        socket.getOutputStream().write(request.toByteArray());
    }

    void sendRaw(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.US_ASCII));
    }

    Answer read() throws IOException {
        return read(true);
    }

    private Answer read(boolean withBody) throws IOException {
        String status = Http.line(in);
        if (status == null) {
            throw new EOFException("the proxy closed the connection");
        }
        Map<String, String> headers = Http.headers(in);
        return new Answer(
                Integer.parseInt(status.split(" ")[1]),
                headers,
                withBody ? new String(Http.body(in, headers), StandardCharsets.US_ASCII) : "");
    }

    /** Hangs up at once, with a reset. */
    void hangUp() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
