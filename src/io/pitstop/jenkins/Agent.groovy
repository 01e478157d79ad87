package io.pitstop.jenkins

import com.cloudbees.groovy.cps.NonCPS
import groovy.json.JsonSlurper

/**
 * Runs one command of the pitstop agent on the current node and returns its result.
 *
 * The only Groovy that knows how the agent is started. Everything that needs thought happens in Java. No try around a
 * step: an aborted build must stop at once.
 */
class Agent implements Serializable {
    private static final long serialVersionUID = 1L

    /** Of this library, and of the agent that it was tested with. */
    static final String VERSION = '0.1.0'

    private static final int REFUSED_AS_WRONG = 2
    private static final int OUTSIDE_SYSTEM_FAILED = 5
    private static final int OUTCOME_UNKNOWN = 6

    private final Object script
    private final Credentials credentials
    private final Publisher publisher

    /** @param script what the pipeline's own steps are called on; in vars/ that is {@code this} */
    Agent(Object script) {
        this.script = script
        this.credentials = new Credentials(script)
        this.publisher = new Publisher(script)
    }

    /**
     * Runs {@code pitstop <command>}; a command that fails fails the build, what happened and what to do next being
     * the last line of its log.
     *
     * @param parameters one for each option, and those of {@link CommandLine#LIBRARY_PARAMETERS}
     * @return the command's result, in maps and lists that survive a restart of Jenkins; who gets it back succeeded
     */
    Map run(String command, Map parameters) {
        Map result = attempt(command, parameters)
        if (result.exitCode != 0) {
            fail(command, result, parameters)
        }
        return result
    }

    /** Fails the build with what an {@link #attempt} that failed told. */
    void fail(String command, Map result, Map parameters) {
        script.error(failure(command, result, onCall(parameters)))
    }

    /**
     * As {@link #run}, for who decides from the result's {@code exitCode} what to do next: 0 is success, a failure has
     * {@code message} and {@code hint}. Only an agent that could not explain how it ended fails the build.
     */
    Map attempt(String command, Map parameters) {
        int retries = wholeNumber('retries', parameters.retries)
        int pause = 10
        Map result = once(command, parameters)
        for (int i = 1; i <= retries && result.exitCode == OUTSIDE_SYSTEM_FAILED; i++) {
            script.echo("${command}: ${result.message} Trying again in ${pause} s (${i} of ${retries}).".toString())
            script.sleep(time: pause, unit: 'SECONDS')
            pause = pause < 300 ? 2 * pause : pause
            result = once(command, parameters)
        }
        if (result.exitCode == OUTCOME_UNKNOWN) {
            result.message = result.message ?: 'The agent could not write down what happened; it is in the log above.'
            result.hint = result.hint ?: 'Look at the router before anything else is done.'
            script.env.PITSTOP_STOPPED = "${command}: ${result.message}".toString()
        }
        publisher.publish(parameters, result)
        return result
    }

    private Map once(String command, Map parameters) {
        if (script.env.PITSTOP_STOPPED) {
            script.error(refusal(command, script.env.PITSTOP_STOPPED.toString(), onCall(parameters)))
        }
        // A name of its own for every run: neither an old result nor that of a parallel branch can pass for this one.
        String run = ".pitstop/${command}-${UUID.randomUUID()}".toString()
        script.writeFile(file: "${run}.sh".toString(), text: script.libraryResource('io/pitstop/jenkins/pitstop.sh'))
        String shellScript = CommandLine.script(command, parameters, run, environment())
        int exitCode = (int) credentials.around(parameters) {
            script.sh(label: "pitstop ${command}".toString(), returnStatus: true, script: shellScript)
        }
        Map result = resultOf("${run}.json".toString())
        // Nothing must keep an unknown outcome from being said.
        if (result.keySet().isEmpty() && exitCode != OUTCOME_UNKNOWN) {
            script.error(diedEarly(command, exitCode))
        }
        // An agent that refused says itself what does not fit, and which of the two to update.
        if (!fits(result.agent) && exitCode != REFUSED_AS_WRONG && exitCode != OUTCOME_UNKNOWN) {
            script.error(misfit(command, result.agent))
        }
        result.command = command
        result.exitCode = exitCode
        return result
    }

    private Map resultOf(String file) {
        String json = script.fileExists(file) ? script.readFile(file: file, encoding: 'UTF-8') : ''
        return json.isEmpty() ? [:] : parsed(json)
    }

    private Map environment() {
        Map environment = [PITSTOP_LIBRARY: VERSION]
        if (script.env.PITSTOP_TOOL) {
            environment.PITSTOP_AGENT = script.tool(script.env.PITSTOP_TOOL.toString())
        }
        return environment
    }

    private String onCall(Map parameters) {
        return (parameters.onCall ?: script.env.PITSTOP_ON_CALL ?: 'A HUMAN').toString()
    }

    /** Parameters of a build are texts: '3' is as good as 3. */
    private int wholeNumber(String name, Object value) {
        String text = value == null ? '0' : value.toString()
        if (!text.matches('[0-9]{1,3}')) {
            script.error("${name} is '${text}'. Next: Write a whole number from 0 to 999.".toString())
        }
        return text.toInteger()
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
            Map values = [:]
            for (name in json.keySet()) {
                values.put(name, plain(json.get(name)))
            }
            return values
        }
        if (json instanceof List) {
            List elements = []
            for (element in json) {
                elements.add(plain(element))
            }
            return elements
        }
        return json
    }

    /** The first two numbers must be the same, as for the agent; one that was not packaged fits every library. */
    @NonCPS
    private static boolean fits(Object agent) {
        String numbers = '^([0-9]+[.][0-9]+)[.].*'
        return agent == 'unpackaged' || agent.toString().replaceAll(numbers, '$1') == VERSION.replaceAll(numbers, '$1')
    }

    @NonCPS
    private static String misfit(String command, Object agent) {
        return "${command}: the Jenkins library is version ${VERSION} and the agent on this node is " +
            "${agent ? 'version ' + agent : 'of unknown version'}: they do not fit. Next: Update the older of the two; " +
            'run pitstop status to see what the step did.'
    }

    @NonCPS
    private static String failure(String command, Map result, String onCall) {
        // 6 is the one case in which going on by itself, even to roll back, can do harm.
        String alarm = result.exitCode == OUTCOME_UNKNOWN
            ? "OUTCOME UNKNOWN, it is not certain who serves users: STOP ALL AUTOMATION AND CALL ${onCall}. "
            : ''
        return "${command} failed (exit code ${result.exitCode}): ${alarm}${result.message} " +
            "Next: ${result.hint}".toString()
    }

    @NonCPS
    private static String refusal(String command, String stopped, String onCall) {
        return "${command} was not started, because it is not certain who serves users since ${stopped} " +
            "Next: Call ${onCall}; start another build when it is clear what the router does."
    }

    @NonCPS
    private static String diedEarly(String command, int exitCode) {
        return "${command} failed (exit code ${exitCode}): the agent ended before it could explain; " +
            'see the log above. Next: Run the step again once the cause is gone.'
    }
}
