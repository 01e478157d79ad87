package io.pitstop.proxy;

/**
 * The shares that hold, and the number that tells them from the same shares at another time.
 *
 * @param version raised by one at each move; 0 also for shares that were saved before there were versions
 */
record VersionedShares(int blue, int green, long version) {
    VersionedShares {
        new Shares(blue, green); // refuses what does not sum to 100
        if (version < 0) {
            throw new IllegalArgumentException("a version is not negative like " + version);
        }
    }

    static VersionedShares first(Shares shares) {
        return new VersionedShares(shares.blue(), shares.green(), 0);
    }

    VersionedShares movedTo(Shares target) {
        return new VersionedShares(target.blue(), target.green(), version + 1);
    }

    Shares shares() {
        return new Shares(blue, green);
    }
}
