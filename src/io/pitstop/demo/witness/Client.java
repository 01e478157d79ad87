package io.pitstop.demo.witness;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.pitstop.demo.blog.Draft;
import io.pitstop.demo.blog.Post;
import io.pitstop.demo.witness.Operation.Reply;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * One user, who does one thing at a time. Nobody else edits its posts, so it knows what each of them must hold.
 */
final class Client {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LIST_LIMIT = 20;
    private static final String PADDING = " Every version of this text is unlike all others.".repeat(3);

    private final int number;
    private final WitnessPlan plan;
    private final Memory memory;
    private final Authors authors;
    private final Random random;
    private long writes;

    Client(int number, WitnessPlan plan, Authors.Guests guests) {
        this.number = number;
        this.plan = plan;
        this.random = new Random(number);
        this.memory = new Memory(number, plan);
        this.authors = new Authors(number, plan.seed(), guests, random);
    }

    Memory memory() {
        return memory;
    }

    /** What this user does next. It does nothing else before the operation's judge has been called. */
    Operation next(Instant now) {
        int dice = random.nextInt(100);
        if (dice < 15 || !memory.knowsAny()) {
            return create(now);
        }
        if (dice < 35) {
            return edit(memory.any(random), now);
        }
        if (dice < 60) {
            return read("read an own post", memory.anyTouched(random));
        }
        if (dice < 85) {
            return read("read a seed post", memory.any(random));
        }
        return list(memory.any(random).current().authorEmail());
    }

    private Operation create(Instant now) {
        Draft draft = draft(authors.any());
        return new Operation("create a post", true, request("/posts", "POST", draft), reply -> {
            Optional<Post> post = reply.filter(r -> r.status() == 201).flatMap(Client::post);
            if (post.isEmpty()
                    || !post.get().draft().equals(draft)
                    || memory.register(post.get().id()).isPresent()) {
                return Optional.of("201 and a new post with " + draft);
            }
            memory.keep(Register.created(post.get().id(), draft, now));
            return Optional.empty();
        });
    }

    private Operation edit(Register before, Instant now) {
        String author = random.nextBoolean() ? before.current().authorEmail() : authors.any();
        Draft draft = draft(author);
        Register during = before.beingWritten();
        memory.keep(during);
        Post wanted = Post.of(before.id(), draft);
        return new Operation(
                "edit post " + before.id(), true, request("/posts/" + before.id(), "PUT", draft), reply -> {
                    boolean good = reply.filter(r -> r.status() == 200)
                            .flatMap(Client::post)
                            .filter(wanted::equals)
                            .isPresent();
                    memory.keep(good ? during.acknowledged(draft, now) : during.unanswered(draft));
                    return good ? Optional.empty() : Optional.of("200 and " + wanted);
                });
    }

    private Operation read(String name, Register register) {
        return new Operation(name + " (" + register.id() + ")", false, request("/posts/" + register.id()), reply -> {
            boolean good = reply.filter(r -> r.status() == 200)
                    .flatMap(Client::post)
                    .filter(post -> post.id() == register.id() && register.allows(post.draft()))
                    .isPresent();
            return good ? Optional.empty() : Optional.of("200 and " + Post.of(register.id(), register.current()));
        });
    }

    private Operation list(String email) {
        String path = "/authors/" + email + "/posts?limit=" + LIST_LIMIT;
        return new Operation("list the posts of " + email, false, request(path), reply -> {
            Optional<List<Post>> posts = reply.filter(r -> r.status() == 200).flatMap(Client::posts);
            if (posts.isEmpty() || posts.get().size() > LIST_LIMIT) {
                return Optional.of("200 and at most " + LIST_LIMIT + " posts");
            }
            boolean complete = posts.get().size() < LIST_LIMIT;
            return memory.missingOrWrong(email, posts.get(), complete);
        });
    }

    /** Never the same twice, so that an older value is known when it comes back. */
    private Draft draft(String email) {
        writes++;
        return new Draft(
                "Post " + number + "/" + writes,
                "This is write " + writes + " of client " + number + "." + PADDING,
                Authors.name(email),
                email);
    }

    private HttpRequest request(String path) {
        return HttpRequest.newBuilder(uri(path)).timeout(PATIENCE).build();
    }

    private HttpRequest request(String path, String method, Draft draft) {
        try {
            return HttpRequest.newBuilder(uri(path))
                    .method(method, BodyPublishers.ofString(JSON.writeValueAsString(draft)))
                    .header("Content-Type", "application/json")
                    .timeout(PATIENCE)
                    .build();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private URI uri(String path) {
        return URI.create(plan.router() + path);
    }

    private static Optional<Post> post(Reply reply) {
        try {
            return Optional.ofNullable(JSON.readValue(reply.body(), Post.class));
        } catch (JsonProcessingException e) {
            return Optional.empty(); // then it is not what was expected, which is all that matters here
        }
    }

    private static Optional<List<Post>> posts(Reply reply) {
        try {
            return Optional.ofNullable(JSON.readValue(reply.body(), new TypeReference<List<Post>>() {}));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
