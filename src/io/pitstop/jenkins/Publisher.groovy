package io.pitstop.jenkins

import com.cloudbees.groovy.cps.NonCPS

/** Shows on the build's page what a command found, by those plugins that are there; one that is absent is no error. */
class Publisher implements Serializable {
    private static final long serialVersionUID = 1L

    private final Object script

    /** @param script what the pipeline's own steps are called on */
    Publisher(Object script) {
        this.script = script
    }

    /** Publishes the files that the parameters name, as far as the command wrote them, and its last sentence. */
    void publish(Map parameters, Map result) {
        script.currentBuild.description = description(result)
        String junit = text(parameters.junit)
        ifThere(junit) { script.junit(testResults: junit, allowEmptyResults: true) }
        String sarif = text(parameters.sarif)
        // With an id of its own, so that two checks of one build do not collide.
        ifThere(sarif) {
            script.recordIssues(tool: script.sarif(pattern: sarif, id: idOf(sarif), name: text("Pitstop: ${sarif}")))
        }
        String report = text(parameters.report ?: result.report)
        ifThere(report.isEmpty() ? '' : text("${report}/index.html")) {
            script.publishHTML(target: [
                reportName: 'Pitstop', reportDir: report, reportFiles: 'index.html',
                keepAll: true, alwaysLinkToLastBuild: false, allowMissing: false])
        }
    }

    /** Runs a step if there is a file for it, and the plugin that has the step. */
    private void ifThere(String file, Closure step) {
        if (file.isEmpty() || !script.fileExists(file)) {
            return
        }
        // What cannot be shown must not make a failure of a step that is done, nor hide why one failed.
        script.catchError(message: "${file} could not be published.".toString(), catchInterruptions: false,
                buildResult: 'UNSTABLE', stageResult: 'UNSTABLE') {
            try {
                step()
            } catch (NoSuchMethodError absent) {
                if (!text(absent.message).matches('(?s)No such DSL method .*')) {
                    throw absent
                }
            }
        }
    }

    @NonCPS
    private static String text(Object value) {
        return value == null ? '' : value.toString()
    }

    @NonCPS
    private static String idOf(String file) {
        return 'pitstop-' + file.replaceAll('[^A-Za-z0-9]+', '-')
    }

    @NonCPS
    private static String description(Map result) {
        String release = "${result.application ?: ''} ${result.version ?: ''}".replaceAll('^ | $', '')
        String said = result.exitCode == 0 ? result.message : "${result.command} failed: ${result.message}"
        return text(release.isEmpty() ? said : "${release}: ${said}")
    }
}
