package io.pitstop.environment;

import io.pitstop.release.Colour;

/**
 * What is to run where.
 *
 * @param release id of the release that brings the version; empty if none does
 * @param live the colour that users are on: what belongs to it is not touched, and what has to be made anew begins with it
 */
public record Deployment(Colour colour, String version, String release, Colour live) {}
