package io.pitstop.proxy;

import io.pitstop.proxy.KeepAliveClient.Answer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Many keep-alive connections that ask for as long as the test lets them, every other time by POST. */
final class Load {
    private final ConcurrentLinkedQueue<Request> requests = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger ids = new AtomicInteger();
    private volatile boolean over;

    Load(InetSocketAddress proxy, int connections) {
        for (int i = 0; i < connections; i++) {
            Thread thread = new Thread(() -> ask(proxy), "client-" + i);
            threads.add(thread);
            thread.start();
        }
    }

    /** @param outcome the colour that answered, or what went wrong */
    record Request(String method, long began, long ended, String outcome) {
        boolean failed() {
            return !outcome.equals("blue") && !outcome.equals("green");
        }
    }

    /** Lets the clients finish what they began. */
    List<Request> stop() throws InterruptedException {
        over = true;
        for (Thread thread : threads) {
            thread.join();
        }
        return List.copyOf(requests);
    }

    int soFar() {
        return requests.size();
    }

    private void ask(InetSocketAddress proxy) {
        while (!over) {
            try (KeepAliveClient client = new KeepAliveClient(proxy)) {
                while (!over) {
                    ask(client);
                }
            } catch (IOException e) {
                requests.add(new Request("connection", System.nanoTime(), System.nanoTime(), e.toString()));
            }
        }
    }

    private void ask(KeepAliveClient client) throws IOException {
        int id = ids.incrementAndGet();
        String method = id % 2 == 0 ? "GET" : "POST";
        long began = System.nanoTime();
        Answer answer = id % 2 == 0 ? client.get("/" + id) : client.post("/" + id, "x".repeat(id % 500));
        // What the application says must be what the header says.
        boolean good = answer.status() == 200 && answer.body().startsWith(answer.colour() + " " + method + " /" + id);
        requests.add(new Request(
                method, began, System.nanoTime(), good ? answer.colour() : answer.status() + " " + answer.body()));
    }
}
