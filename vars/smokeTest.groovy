import io.pitstop.jenkins.Agent

/** Checks the idle colour by its own address before users see it. Parameters: smokeTest.txt. */
Map call(Map parameters = [:]) {
    return new Agent(this).run('smoke-test', parameters)
}
