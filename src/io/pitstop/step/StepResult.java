package io.pitstop.step;

/** What every step tells its caller; a step's own record adds what is special to it. */
public interface StepResult {
    /** Id of the release that the step worked on. */
    String release();

    /** What was done, or that nothing was left to do, in one sentence. */
    String message();
}
