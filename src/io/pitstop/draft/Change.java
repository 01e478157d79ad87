package io.pitstop.draft;

/** A change of a schema that both versions of an application live through. */
public interface Change {
    /** @throws io.pitstop.error.InvalidConfig if the change is not possible so */
    Draft draft();
}
