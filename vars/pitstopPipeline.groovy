import io.pitstop.jenkins.ReleasePipeline

/** A whole release, from the first change of the schema to the last. Parameters: pitstopPipeline.txt. */
Map call(Map parameters = [:]) {
    return new ReleasePipeline(this, parameters).run()
}
