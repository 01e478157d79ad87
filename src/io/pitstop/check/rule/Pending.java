package io.pitstop.check.rule;

import io.pitstop.check.script.Script;
import java.util.Set;

/**
 * The scripts that are judged.
 *
 * @param scripts those that were not applied yet
 * @param together true if all of them are applied by the next release; false if nothing is known, so that each is
 *     taken for a release of its own
 */
public record Pending(Set<Script> scripts, boolean together) {
    public Pending {
        scripts = Set.copyOf(scripts);
    }

    /** True if what {@code creator} creates is there for {@code user} alone: empty, and unknown to every application. */
    boolean isNew(Script creator, Script user) {
        return creator.equals(user)
                || together && scripts.contains(creator) && scripts.contains(user) && creator.phase() == user.phase();
    }

    /** True if both belong to one release, whatever its phase. */
    boolean isSameRelease(Script one, Script other) {
        return one.equals(other) || together && scripts.contains(one) && scripts.contains(other);
    }
}
