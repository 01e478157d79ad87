import io.pitstop.jenkins.Agent

/** Judges the migrations of the workspace before they run; needs no database of the application. Parameters: checkMigrations.txt. */
Map call(Map parameters = [:]) {
    return new Agent(this).run('check', parameters)
}
