import io.pitstop.jenkins.Agent

/** Removes the schema that only the old version needed. Parameters: contract.txt. */
Map call(Map parameters = [:]) {
    return new Agent(this).run('contract', parameters)
}
