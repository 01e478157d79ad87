package io.pitstop.environment;

import java.util.Map;

/** A deployment that was planned and found safe. Closing it forgets the plan. */
public interface Planned extends AutoCloseable {
    /**
     * What would change, in order: a name such as {@code ~ update aws_ecs_service.app}, and its details with a mark that
     * is the same for the same change only. Empty if nothing would. Nothing sensitive is in it.
     */
    Map<String, String> changes();

    /**
     * Does exactly this, once, and returns when the colour's health check is good.
     *
     * @throws io.pitstop.error.DependencyFailed if Terraform failed, or if the state was changed since it was planned
     * @throws io.pitstop.error.CheckFailed if Terraform did its part, but the colour did not become healthy
     */
    Environment apply();

    @Override
    void close();
}
