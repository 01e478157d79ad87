package io.pitstop.traffic;

/**
 * How many of a colour's targets the router finds healthy.
 *
 * @param healthy targets whose last health checks were good
 * @param total targets that are to serve; 0 if the colour has none, those on their way out not among them
 * @param reason why some are not healthy, in the router's words; empty if all are
 */
public record TargetHealth(int healthy, int total, String reason) {
    @Override
    public String toString() {
        return healthy + " of " + total + " targets healthy" + (reason.isEmpty() ? "" : " (" + reason + ")");
    }
}
