package io.pitstop.demo.witness;

import io.pitstop.demo.blog.Seed;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;

/** By whom a client's posts are: authors of its own, authors of the seed, and guests who write at several clients. */
final class Authors {
    private final int client;
    private final Seed seed;
    private final Guests guests;
    private final Random random;
    private int own;

    Authors(int client, Seed seed, Guests guests, Random random) {
        this.client = client;
        this.seed = seed;
        this.guests = guests;
        this.random = random;
    }

    /** Guests whom several clients are the first to mention, at about the same moment: a race to create them. */
    static final class Guests {
        private static final int MENTIONS = 6;

        private final AtomicLong mentions = new AtomicLong();

        String next() {
            return "guest-" + (1 + mentions.getAndIncrement() / MENTIONS) + "@example.org";
        }
    }

    String any() {
        int dice = random.nextInt(100);
        if (dice < 30) {
            return guests.next();
        }
        if (dice < 60 && seed.authors() > 0) {
            return Seed.email(1 + (long) (random.nextDouble() * seed.authors()));
        }
        if (dice < 75 || own == 0) {
            own++;
            return own(own);
        }
        return own(1 + random.nextInt(own));
    }

    /** An author's name follows from the email: two names for one email would be a race that nobody has to win. */
    static String name(String email) {
        String words = email.substring(0, email.indexOf('@')).replace('-', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    private String own(int author) {
        return "client-" + client + "-author-" + author + "@example.org";
    }
}
