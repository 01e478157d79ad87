import io.pitstop.jenkins.Agent

/** Gives all user traffic back to the old version. Parameters: rollback.txt. */
Map call(Map parameters = [:]) {
    return new Agent(this).run('rollback', parameters)
}
