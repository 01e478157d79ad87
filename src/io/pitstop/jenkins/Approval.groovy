package io.pitstop.jenkins

import com.cloudbees.groovy.cps.NonCPS

/**
 * Asks people to approve a step of a release, and binds the step to what they saw.
 *
 * No node is held while they think: the agent tells on one what would be done, people are asked outside of any, and
 * what they said is recorded on one again.
 */
class Approval implements Serializable {
    private static final long serialVersionUID = 1L

    /** What approve itself uses; the rest goes to the agent. */
    static final List<String> OWN_PARAMETERS = ['label', 'stash', 'commit', 'submitter', 'timeout', 'onDeclined']

    private static final Map<String, String> UNITS = [s: 'SECONDS', m: 'MINUTES', h: 'HOURS', d: 'DAYS']

    private final Object script
    private final Workplace workplace
    private final Map parameters
    private final Agent agent

    /** @param script what the pipeline's own steps are called on; in vars/ that is {@code this} */
    Approval(Object script, Workplace workplace, Map parameters) {
        this.script = script
        this.workplace = workplace
        this.parameters = parameters
        this.agent = new Agent(script)
    }

    /** @return the agent's result; who gets it back may go on, because somebody approved or there is nothing left to */
    Map ask() {
        refuseNonsense()
        Map asked = (Map) workplace.run { agent.run('approve', question([:])) }
        if (!asked.open) {
            script.echo(asked.message.toString())
            return asked
        }
        boolean answered = false
        String person = ''
        try {
            person = answer(asked)
            answered = true
        } finally {
            if (!answered) {
                declined(asked)
            }
        }
        // What a person decided is not to be asked again because a database was away for a moment.
        return (Map) workplace.run {
            agent.run('approve', reply([
                release: asked.release, by: person, hash: asked.hash, retries: parameters.retries ?: 3]))
        }
    }

    private void refuseNonsense() {
        if (script.env.NODE_NAME) {
            script.error('approve was called on a node, which nobody else could use while people think. Next: Call it ' +
                'outside of node, in a declarative pipeline in a stage without an agent of a pipeline with agent none.')
        }
        if (!limit().matches('[1-9][0-9]{0,5}[smhd]')) {
            script.error("timeout is '${limit()}'. Next: Write a number with its unit, such as 30m, 8h or 7d.".toString())
        }
        if (!['freeze', 'rollback'].contains(policy())) {
            script.error("onDeclined is '${policy()}'. Next: Write freeze or rollback.".toString())
        }
    }

    private String answer(Map asked) {
        Map time = [time: limit().replaceAll('[smhd]', '').toInteger(), unit: UNITS.get(limit().replaceAll('[0-9]', ''))]
        Map input = [
            id: "approve-${asked.step}".toString(), message: asked.question, ok: 'Approve', submitterParameter: 'APPROVER']
        if (parameters.submitter) {
            input.submitter = parameters.submitter.toString()
        }
        Object person = script.timeout(time) { script.input(input) }
        if (!person) {
            script.error('Jenkins does not say who approved. Next: Update the plugin Pipeline: Input Step.')
        }
        return person.toString()
    }

    /** After a no, an abort or the end of the time: none of them says which it was, and each goes on after this. */
    private void declined(Map asked) {
        // Whatever fails here must not take the place of the abort.
        script.catchError(message: 'What is due after a refusal could not all be done.', catchInterruptions: false,
                buildResult: null, stageResult: null) {
            script.timeout(time: 1, unit: 'HOURS') {
                workplace.run {
                    tell(agent.attempt('approve', reply([
                        release: asked.release, by: 'unknown', hash: asked.hash,
                        declined: "declined, aborted or not answered within ${limit()}".toString()])))
                    if (policy() == 'rollback') {
                        // Fails, and so says as loudly as any step, if users could not be brought back.
                        tell(agent.run('rollback', without(question([release: asked.release]), ['step', 'plan', 'steps', 'bakeTime', 'acceptRisk'])))
                    } else {
                        script.echo('Users stay where they are.')
                    }
                }
            }
        }
    }

    private void tell(Map result) {
        script.echo((result.exitCode == 0 ? result.message : "${result.message} Next: ${result.hint}").toString())
    }

    private Map question(Map more) {
        return without(parameters, OWN_PARAMETERS) + more
    }

    /** What people saw has the risk in it: it is accepted when they are asked, not by what they say. */
    private Map reply(Map more) {
        return without(question(more), ['acceptRisk'])
    }

    private String limit() {
        return (parameters.timeout ?: '8h').toString()
    }

    private String policy() {
        return (parameters.onDeclined ?: 'freeze').toString()
    }

    @NonCPS
    private static Map without(Map parameters, List<String> names) {
        Map rest = [:]
        for (name in parameters.keySet()) {
            if (!names.contains(name)) {
                rest.put(name, parameters.get(name))
            }
        }
        return rest
    }
}
