package io.pitstop.notify;

import io.pitstop.release.Release;

/**
 * What a notification is about. All is empty that is not known.
 *
 * @param version the new one
 * @param fromVersion the old one
 * @param candidate colour of the new one
 */
record About(String application, String release, String version, String fromVersion, String candidate) {
    static About of(Release release) {
        return new About(
                release.application(),
                release.id(),
                release.version(),
                release.fromVersion(),
                release.candidate().toString());
    }

    /** Of no release in particular, or of one that could not be read. */
    static About of(String application) {
        return new About(application, "", "", "", "");
    }

    /** The new version by its name, for the middle of a sentence. */
    String newVersion() {
        return version.isEmpty() ? "the new version" : version;
    }

    /** The old version by its name, for the middle of a sentence. */
    String oldVersion() {
        return fromVersion.isEmpty() ? "the old version" : fromVersion;
    }

    /** The option of a command that names the release, with a space before it. */
    String option() {
        return release.isEmpty() ? "" : " --release " + release;
    }
}
