package io.pitstop.jenkins

import com.cloudbees.groovy.cps.NonCPS
import groovy.json.JsonSlurper

/**
 * Runs one command of the pitstop agent on the current node and returns its result.
 *
 * The only Groovy that knows how the agent is started. Everything that needs thought happens in Java. No try: an
 * aborted build must stop at once.
 */
class Agent implements Serializable {
    private static final long serialVersionUID = 1L

    private final Object script

    /** @param script what the pipeline's own steps are called on; in vars/ that is {@code this} */
    Agent(Object script) {
        this.script = script
    }

    /**
     * Runs {@code pitstop <command>} with one option for each parameter: {@code bakeTime: '5m'} is
     * {@code --bake-time '5m'}, true is the bare option, a list is joined by commas, null and false are left out.
     *
     * @return the command's result, in maps and lists that survive a restart of Jenkins; who gets it back succeeded
     */
    Map run(String command, Map parameters) {
        // A name of its own for every run: neither an old result nor that of a parallel branch can pass for this one.
        String resultFile = ".pitstop/${command}-${UUID.randomUUID()}.json".toString()
        int exitCode = script.sh(
            label: "pitstop ${command}".toString(),
            returnStatus: true,
            script: commandLine(command, parameters, resultFile))
        String json = script.fileExists(resultFile) ? script.readFile(file: resultFile, encoding: 'UTF-8') : ''
        if (json.isEmpty()) {
            script.error(diedEarly(command, exitCode))
        }
        Map result = parsed(json)
        if (exitCode != 0) {
            script.error(failure(command, exitCode, result))
        }
        return result
    }

    /** Shown in the build log as is, so that an operator can paste it into a shell. */
    @NonCPS
    private static String commandLine(String command, Map parameters, String resultFile) {
        List<String> options = parameters.collect { name, value -> option(name.toString(), value) }
        return "pitstop ${command}${options.join('')} --result ${resultFile}".toString()
    }

    @NonCPS
    private static String option(String name, Object value) {
        if (value == null || value == false) {
            return ''
        }
        String flag = ' ' + quoted('--' + kebabCase(name))
        if (value == true) {
            return flag
        }
        return flag + ' ' + quoted(value instanceof Collection ? value.join(',') : value.toString())
    }

    @NonCPS
    private static String kebabCase(String camelCase) {
        return camelCase.replaceAll('([A-Z])', '-$1').toLowerCase()
    }

    /**
     * Single quotes keep the shell's hands off the text; a quote inside it must leave and re-enter them. Plain words
     * stay as they are, for whoever reads the log.
     */
    @NonCPS
    private static String quoted(String text) {
        return text.matches('[A-Za-z0-9_./:,@%+=-]+') ? text : "'" + text.replace("'", "'\\''") + "'"
    }

    @NonCPS
    private static Map parsed(String json) {
        return plain(new JsonSlurper().parseText(json)) as Map
    }

    /**
     * JsonSlurper's own maps cannot be written to disk when Jenkins restarts. JsonSlurperClassic's can, but the
     * sandbox allows it to nobody.
     */
    @NonCPS
    private static Object plain(Object json) {
        if (json instanceof Map) {
            return json.collectEntries { name, value -> [name, plain(value)] }
        }
        if (json instanceof List) {
            return json.collect { value -> plain(value) }
        }
        return json
    }

    @NonCPS
    private static String failure(String command, int exitCode, Map result) {
        // 6 is the one case in which going on by itself, even to roll back, can do harm.
        String alarm = exitCode == 6
            ? 'OUTCOME UNKNOWN, it is not certain who serves users: STOP ALL AUTOMATION AND CALL A HUMAN. '
            : ''
        return "${command} failed (exit code ${exitCode}): ${alarm}${result.message} Next: ${result.hint}".toString()
    }

    @NonCPS
    private static String diedEarly(String command, int exitCode) {
        return "${command} failed (exit code ${exitCode}): the agent ended before it could explain; " +
            'see the log above. Next: Run the step again once the cause is gone.'
    }
}
