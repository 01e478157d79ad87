import io.pitstop.jenkins.Agent

/** Gives all user traffic to the new version, step by step, and watches it bake. Parameters: switchTraffic.txt. */
Map call(Map parameters = [:]) {
    return new Agent(this).run('switch-traffic', parameters)
}
