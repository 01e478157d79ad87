import io.pitstop.jenkins.Agent

/** Brings the new version up on the idle colour, without traffic. Parameters: deployGreen.txt. */
Map call(Map parameters = [:]) {
    return new Agent(this).run('deploy-green', parameters)
}
