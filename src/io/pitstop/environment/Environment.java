package io.pitstop.environment;

import io.pitstop.release.Colour;
import java.net.URI;

/**
 * The compute of one colour, as Terraform's outputs describe it.
 *
 * @param version what runs there
 * @param url where this colour answers by its own address, whatever the split is
 */
public record Environment(Colour colour, String version, URI url) {}
