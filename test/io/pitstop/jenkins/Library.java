package io.pitstop.jenkins;

/** Jenkins' {@code @Library('name') _}; the harness always loads the library of this repository. */
public @interface Library {
    /** Names of libraries, with an optional version. */
    String[] value();
}
