import io.pitstop.jenkins.Agent

/** Judges the migrations of the workspace before they run; needs no database. Parameters: checkMigrations.txt. */
Map call(Map parameters = [:]) {
    return new Agent(this).run('check', parameters)
}
