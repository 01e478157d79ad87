package io.pitstop.notify;

import io.pitstop.config.NotificationConfig;
import io.pitstop.config.Occasion;
import io.pitstop.error.Interrupted;
import io.pitstop.release.ReleaseJournal;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * Tells people, each thing once as far as the event log knows. Takes a few seconds at most, and never fails: who was not
 * told is named as a warning.
 */
final class Herald {
    /** What a step may lose by it in all. */
    private static final Duration IN_ALL = Duration.ofSeconds(5);

    /** The part of it that a question to the event log may take: the database has just worked, or has just failed. */
    private static final int FOR_THE_LOG = 5;

    private final List<Recipient> recipients;
    private final Duration inAll;
    private final Duration forTheLog;
    private final Consumer<String> warnings;

    /**
     * @param environment environment variables, for addresses and tokens
     * @param warnings gets a line for people for each receiver that was not told
     */
    Herald(List<NotificationConfig> config, Map<String, String> environment, Consumer<String> warnings) {
        this(config, environment, IN_ALL, warnings);
    }

    Herald(
            List<NotificationConfig> config,
            Map<String, String> environment,
            Duration inAll,
            Consumer<String> warnings) {
        this.recipients = IntStream.range(0, config.size())
                .mapToObj(i -> new Recipient(i, config.get(i), environment))
                .toList();
        this.inAll = inAll;
        this.forTheLog = inAll.dividedBy(FOR_THE_LOG);
        this.warnings = warnings;
    }

    /** @param objection why {@code from} did not take it, without secrets; empty if it did */
    record Reply(Recipient from, String objection) {
        boolean isTaken() {
            return objection.equals(Delivery.TAKEN);
        }
    }

    /** True if somebody wants to be told of it. */
    boolean hasAudience(Occasion occasion) {
        return recipients.stream().anyMatch(someone -> someone.wants(occasion));
    }

    /** @param journal knows what was told; asked only if somebody wants to be told */
    void tell(Item item, Supplier<ReleaseJournal> journal) {
        if (!hasAudience(item.occasion())) {
            return;
        }
        // Who is stopped puts users back first, and has to say so.
        boolean interrupted = Thread.interrupted();
        try {
            tell(item, journal, new Patience(inAll));
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Tells everybody, whatever they want to be told of, and says how it went. */
    List<Reply> tellAll(Notification told) {
        try {
            Patience patience = new Patience(inAll);
            return send(told, recipients, patience, patience.end(Duration.ZERO));
        } catch (InterruptedException e) {
            throw Interrupted.whileDoing("sending a test message");
        }
    }

    private void tell(Item item, Supplier<ReleaseJournal> journal, Patience patience) throws InterruptedException {
        Optional<Ledger> ledger = item.release().isEmpty()
                ? Optional.empty()
                : patience.ask(
                                forTheLog,
                                () -> Ledger.open(journal.get(), item.release().get()),
                                why -> silent(item, why))
                        .flatMap(found -> found);
        try {
            if (ledger.filter(open -> open.knows(item)).isPresent() || ledger.isEmpty() && item.isReminder()) {
                return;
            }
            List<String> told = new ArrayList<>();
            List<Recipient> audience = recipients.stream()
                    .filter(someone -> someone.wants(item.occasion()))
                    .toList();
            long deadline = patience.end(ledger.isPresent() ? forTheLog : Duration.ZERO);
            for (Reply reply : send(item.notification(), audience, patience, deadline)) {
                if (reply.isTaken()) {
                    told.add(reply.from().toString());
                } else {
                    warn(reply, item);
                }
            }
            if (ledger.isPresent() && !told.isEmpty()) {
                patience.ask(forTheLog, () -> noted(ledger.get(), item, told), why -> silent(item, why));
            }
        } finally {
            if (ledger.isPresent()) {
                patience.ask(forTheLog, () -> closed(ledger.get()), why -> Optional.empty());
            }
        }
    }

    /** Those to whom nothing can be sent come first; an answer after {@code deadline} is none. */
    private List<Reply> send(Notification told, List<Recipient> audience, Patience patience, long deadline)
            throws InterruptedException {
        List<Reply> replies = new ArrayList<>();
        List<Recipient> ready = new ArrayList<>();
        for (Recipient someone : audience) {
            someone.objection().ifPresentOrElse(why -> replies.add(new Reply(someone, why)), () -> ready.add(someone));
        }
        if (ready.isEmpty()) {
            return replies;
        }
        // One request each, by the proxy that the JVM is told of.
        HttpClient http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(inAll)
                .build();
        List<String> answers = patience.askAll(
                deadline,
                ready.stream()
                        .map(someone -> new Delivery(http, someone.request(told), deadline))
                        .toList());
        for (int i = 0; i < answers.size(); i++) {
            replies.add(new Reply(ready.get(i), answers.get(i)));
        }
        return replies;
    }

    private void warn(Reply reply, Item item) {
        warnings.accept("warning: " + reply.from() + " was not told of "
                + item.occasion().key() + ": " + reply.objection() + ".");
    }

    private <T> Optional<T> silent(Item item, String why) {
        warnings.accept("warning: the event log does not know that people were told of "
                + item.occasion().key() + ": " + why + ".");
        return Optional.empty();
    }

    private static boolean noted(Ledger ledger, Item item, List<String> told) {
        ledger.note(item, told);
        return true;
    }

    private static boolean closed(Ledger ledger) {
        ledger.close();
        return true;
    }
}
