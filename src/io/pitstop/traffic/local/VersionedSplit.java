package io.pitstop.traffic.local;

import io.pitstop.traffic.Split;

/**
 * A split as the proxy told it.
 *
 * @param version tells the split from the same one at another time: the proxy raises it with every order that it takes
 */
record VersionedSplit(Split split, long version) {}
