import io.pitstop.jenkins.Agent

/** Opens a release and adds the schema that its new version needs, without making anybody wait. Parameters: migrateExpand.txt. */
Map call(Map parameters = [:]) {
    return new Agent(this).run('migrate-expand', parameters)
}
