package io.pitstop.aws;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * Where Terraform finds the AWS provider without the Internet: the folder that PITSTOP_PROVIDER_MIRROR names, or one
 * that is found on this machine.
 */
public final class ProviderMirror {
    private static final String REGISTRY = "registry.terraform.io";
    private static final Optional<Path> FOLDER = find();

    private ProviderMirror() {}

    /** Skips the test where there is none. */
    static Path folder() {
        Assumptions.assumeTrue(
                FOLDER.isPresent(),
                "the AWS provider is not on this machine: name the folder that holds " + REGISTRY
                        + " with it, such as .terraform/providers after terraform init, in PITSTOP_PROVIDER_MIRROR");
        return FOLDER.get();
    }

    /** Writes the file for TF_CLI_CONFIG_FILE. */
    public static Path cliConfig(Path file) throws IOException {
        return Files.writeString(
                file,
                """
                disable_checkpoint = true
                provider_installation {
                  filesystem_mirror {
                    path    = "%s"
                    include = ["%s/hashicorp/*"]
                  }
                }
                """
                        .formatted(folder(), REGISTRY));
    }

    private static Optional<Path> find() {
        String named = System.getenv("PITSTOP_PROVIDER_MIRROR");
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        try {
            Process find = new ProcessBuilder(
                            "find",
                            "/",
                            "-xdev",
                            "-name",
                            "terraform-provider-aws_*",
                            "-not",
                            "-path",
                            "*/.terraform/*")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String found = new String(find.getInputStream().readAllBytes());
            find.waitFor(60, SECONDS);
            return found.lines()
                    .filter(path -> path.contains("/" + REGISTRY + "/hashicorp/aws/"))
                    .map(path -> Path.of(path.substring(0, path.indexOf("/" + REGISTRY + "/"))))
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
