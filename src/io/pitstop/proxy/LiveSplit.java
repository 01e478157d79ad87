package io.pitstop.proxy;

import io.pitstop.release.Colour;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;

/** The split that new requests follow. On disk first, then in effect: what was acknowledged survives a crash. */
final class LiveSplit {
    private final StateFolder folder;
    private final AtomicReference<VersionedShares> now;

    private LiveSplit(StateFolder folder, VersionedShares now) {
        this.folder = folder;
        this.now = new AtomicReference<>(now);
    }

    /** Goes on with the split that was last saved, or gives all to {@code initial}. */
    static LiveSplit resume(StateFolder folder, Colour initial) throws IOException {
        VersionedShares shares = folder.split().orElse(VersionedShares.first(Shares.allTo(initial)));
        folder.save(shares);
        return new LiveSplit(folder, shares);
    }

    Shares now() {
        return now.get().shares();
    }

    VersionedShares versioned() {
        return now.get();
    }

    /**
     * Every request that comes after the return follows {@code target}. Not for two threads at once.
     *
     * @return with its new version, new also if nothing else is
     */
    VersionedShares move(Shares target) throws IOException {
        VersionedShares moved = now.get().movedTo(target);
        folder.save(moved);
        now.set(moved);
        return moved;
    }
}
