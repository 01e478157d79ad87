package io.pitstop.prove.fault;

import io.pitstop.prove.wire.Passage;
import io.pitstop.prove.wire.Side;
import io.pitstop.release.Colour;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** Terraform fails the agent. */
enum TerraformFault implements Fault {
    KILLED("killed in the middle of apply"),
    STATE_LOCKED("state locked by somebody"),
    FAILED_HALF_WAY("apply fails half-way"),
    OTHER_COLOUR("plan that changes the other colour"),
    REFUSED("refuses"),
    ANSWER_LOST("answer lost");

    private final String words;

    TerraformFault(String words) {
        this.words = words;
    }

    @Override
    public Family family() {
        return Family.TERRAFORM;
    }

    @Override
    public String title() {
        return "terraform " + words;
    }

    @Override
    public boolean meets(String command, String action, Side side) {
        return switch (this) {
            case KILLED -> action.equals("terraform apply") && side == Side.BEFORE;
            case STATE_LOCKED -> action.matches("terraform (plan|apply)") && side == Side.BEFORE;
            case FAILED_HALF_WAY -> command.equals("deploy-green")
                    && action.equals("terraform apply")
                    && side == Side.BEFORE;
            case OTHER_COLOUR -> command.equals("deploy-green")
                    && action.equals("terraform plan")
                    && side == Side.BEFORE;
            case REFUSED -> action.startsWith("terraform") && side == Side.BEFORE;
            case ANSWER_LOST -> action.startsWith("terraform") && side == Side.AFTER;
        };
    }

    @Override
    public Passage strike(Scene scene) {
        return switch (this) {
            case KILLED -> {
                int after = scene.random().nextInt(1_000);
                scene.beside(() -> kill(scene, after));
                yield Passage.GO;
            }
            case STATE_LOCKED -> {
                lock(scene);
                yield Passage.GO;
            }
            case FAILED_HALF_WAY -> {
                take(scene);
                yield Passage.GO;
            }
            case OTHER_COLOUR -> {
                mixUp(scene);
                yield Passage.GO;
            }
            case REFUSED -> Passage.REFUSE;
            case ANSWER_LOST -> Passage.CUT;
        };
    }

    @Override
    public void end(Scene scene) {
        scene.ended().countDown();
        scene.settle();
    }

    @Override
    public Set<Integer> exits() {
        return switch (this) {
            case OTHER_COLOUR -> Set.of(3);
            case FAILED_HALF_WAY, STATE_LOCKED -> Set.of(5);
            case KILLED, REFUSED, ANSWER_LOST -> Set.of(0, 5);
        };
    }

    private static Path state(Scene scene, Colour colour) {
        return scene.place().stage().folder().resolve(".pitstop/terraform/" + colour + ".tfstate");
    }

    private static void kill(Scene scene, int afterMs) {
        Scene.pause(afterMs);
        try (Stream<Path> files = Files.list(scene.place().terraform().questions())) {
            for (Path file :
                    files.filter(name -> name.toString().endsWith(".child")).toList()) {
                ProcessHandle.of(Long.parseLong(Files.readString(file).strip()))
                        .ifPresent(ProcessHandle::destroyForcibly);
            }
        } catch (IOException | NumberFormatException e) {
            // It had ended, or not yet begun: there was nothing to kill.
            return;
        }
    }

    /** As Terraform itself does it: a lock of the operating system on the state's file, and beside it who has it. */
    private static void lock(Scene scene) {
        // By whose apply it is locked differs by the step: that which contract destroys is the old one.
        List<Path> states = List.of(state(scene, Colour.GREEN), state(scene, Colour.BLUE));
        CountDownLatch locked = new CountDownLatch(1);
        scene.beside(() -> {
            try (FileChannel green = open(states.get(0));
                    FileChannel blue = open(states.get(1))) {
                green.lock();
                blue.lock();
                locked.countDown();
                scene.ended().await();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        await(locked);
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    /** The resource before the process is made, the process itself cannot be. */
    private static void take(Scene scene) {
        CountDownLatch taken = new CountDownLatch(1);
        scene.beside(() -> {
            int port = scene.place().stage().port(Colour.GREEN);
            try (ServerSocket stranger = new ServerSocket()) {
                stranger.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                taken.countDown();
                scene.ended().await();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        await(taken);
    }

    /** Somebody has copied a state: what Terraform would change for green is all of blue's. */
    private static void mixUp(Scene scene) {
        Path green = state(scene, Colour.GREEN);
        Path kept = green.resolveSibling("green.kept");
        CountDownLatch mixed = new CountDownLatch(1);
        scene.beside(() -> {
            try {
                boolean existed = Files.exists(green);
                if (existed) {
                    Files.copy(green, kept, StandardCopyOption.REPLACE_EXISTING);
                }
                Files.copy(state(scene, Colour.BLUE), green, StandardCopyOption.REPLACE_EXISTING);
                mixed.countDown();
                scene.ended().await();
                Files.delete(green);
                if (existed) {
                    Files.move(kept, green);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        await(mixed);
    }

    private static void await(CountDownLatch latch) {
        for (int i = 0; i < 200 && latch.getCount() > 0; i++) {
            Scene.pause(10);
        }
    }
}
