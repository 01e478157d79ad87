package io.pitstop.demo.witness;

import io.pitstop.demo.blog.Draft;
import io.pitstop.demo.blog.Post;
import io.pitstop.demo.blog.Seed;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** What one client knows about its posts: those it wrote, and its share of the seed. Others may look at it any time. */
final class Memory {
    private final int client;
    private final int clients;
    private final Seed seed;
    private final Map<Long, Register> registers = new ConcurrentHashMap<>();
    private final List<Long> touched = new ArrayList<>();
    private final Map<String, Set<Long>> byEmail = new HashMap<>();

    Memory(int client, WitnessPlan plan) {
        this.client = client;
        this.clients = plan.clients();
        this.seed = plan.seed();
    }

    synchronized void keep(Register register) {
        if (registers.put(register.id(), register) == null) {
            touched.add(register.id());
        }
        byEmail.computeIfAbsent(register.current().authorEmail(), email -> new TreeSet<>())
                .add(register.id());
    }

    /** Empty if the post is not this client's. */
    Optional<Register> register(long id) {
        Register register = registers.get(id);
        if (register == null && id >= 1 && id <= seed.posts() && id % clients == client) {
            return Optional.of(Register.sown(id, seed.draft(id)));
        }
        return Optional.ofNullable(register);
    }

    /** All posts that were created or edited. */
    Collection<Register> touched() {
        return List.copyOf(registers.values());
    }

    /** The posts touched last, and as many others of those touched. */
    synchronized List<Register> sample(int each, Random random) {
        Set<Long> ids = new TreeSet<>(touched.subList(Math.max(0, touched.size() - each), touched.size()));
        for (int other = 0; other < each && !touched.isEmpty(); other++) {
            ids.add(touched.get(random.nextInt(touched.size())));
        }
        return ids.stream().map(registers::get).toList();
    }

    synchronized boolean knowsAny() {
        return !touched.isEmpty() || sown() > 0;
    }

    /** A post of the seed, changed since or not; one created here if there is no seed. */
    Register any(Random random) {
        if (sown() == 0 || random.nextInt(4) == 0) {
            return anyTouched(random);
        }
        long first = client == 0 ? clients : client;
        return register(first + clients * (long) (random.nextDouble() * sown())).orElseThrow();
    }

    synchronized Register anyTouched(Random random) {
        return touched.isEmpty() ? any(random) : registers.get(touched.get(random.nextInt(touched.size())));
    }

    /**
     * Judges a list of an author's posts, newest first, by this client's own posts in it.
     *
     * @param complete whether the list goes back to the author's first post
     * @return what should have come, if it did not
     */
    synchronized Optional<String> missingOrWrong(String email, List<Post> posts, boolean complete) {
        Map<Long, Draft> listed = new HashMap<>();
        long oldest = complete ? 1 : posts.get(posts.size() - 1).id();
        for (Post post : posts) {
            Optional<Register> own = register(post.id());
            if (!email.equals(post.authorEmail())
                    || own.filter(r -> !r.allows(post.draft())).isPresent()) {
                return Optional.of(own.map(register -> "post " + post.id() + " to be " + register.current())
                        .orElse("posts of " + email + " only"));
            }
            listed.put(post.id(), post.draft());
        }
        return ownBy(email, oldest).stream()
                .filter(id -> !listed.containsKey(id))
                .findFirst()
                .map(id -> "post " + id + " to be in the list");
    }

    /** Own posts that are certainly by this author, from a certain id on. */
    private List<Long> ownBy(String email, long oldest) {
        Set<Long> ids = new TreeSet<>(byEmail.getOrDefault(email, Set.of()));
        sownBy(email, oldest, ids);
        return ids.stream()
                .filter(id -> id >= oldest)
                .filter(id -> register(id)
                        .filter(r -> r.uncertain().isEmpty()
                                && r.current().authorEmail().equals(email))
                        .isPresent())
                .toList();
    }

    private void sownBy(String email, long oldest, Set<Long> ids) {
        if (seed.authors() == 0 || !email.matches("author-\\d{1,15}@.*")) {
            return;
        }
        long author = Long.parseLong(email.substring("author-".length(), email.indexOf('@')));
        for (long id = author - 1; id <= seed.posts(); id += seed.authors()) {
            if (id >= oldest && id % clients == client) {
                ids.add(id);
            }
        }
    }

    /** How many posts of the seed are this client's: the ids with the right remainder. */
    private long sown() {
        return seed.posts() / clients + (client != 0 && seed.posts() % clients >= client ? 1 : 0);
    }
}
