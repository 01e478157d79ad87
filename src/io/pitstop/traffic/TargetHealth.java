package io.pitstop.traffic;

/**
 * How many of a colour's targets the router would send requests to.
 *
 * @param healthy targets whose last health checks were good
 * @param total registered targets; 0 if the colour has none
 * @param reason why some are not healthy, in the router's words; empty if all are
 */
public record TargetHealth(int healthy, int total, String reason) {
    /** A colour without targets is not healthy. */
    public boolean isHealthy() {
        return total > 0 && healthy == total;
    }

    @Override
    public String toString() {
        return healthy + " of " + total + " targets healthy" + (reason.isEmpty() ? "" : " (" + reason + ")");
    }
}
