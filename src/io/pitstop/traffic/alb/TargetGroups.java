package io.pitstop.traffic.alb;

import io.pitstop.release.Colour;

/** The ARNs of the two target groups. */
record TargetGroups(String blue, String green) {
    String of(Colour colour) {
        return colour == Colour.BLUE ? blue : green;
    }
}
