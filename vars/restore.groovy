import io.pitstop.jenkins.Agent

/** Brings back what contract dropped, from the archive. Parameters: restore.txt. */
Map call(Map parameters = [:]) {
    return new Agent(this).run('restore', parameters)
}
