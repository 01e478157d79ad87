package io.pitstop.jenkins

import com.cloudbees.groovy.cps.NonCPS

/**
 * A whole release, from the first change of the schema to the last. Holds no node while it waits for people, for a bake
 * or for another release.
 *
 * What is due to users after a failure or an abort follows from where they are: {@link #users} is set before they may
 * move and again once it is known where they went, and one finally looks at it.
 */
class ReleasePipeline implements Serializable {
    private static final long serialVersionUID = 1L

    private static final String PAGE = '.pitstop/report'

    private final Object script
    private final Map parameters
    private final Agent agent
    private final Workplace workplace
    private Map release
    private String users = 'where they were'

    /** @param script what the pipeline's own steps are called on; in vars/ that is {@code this} */
    ReleasePipeline(Object script, Map parameters) {
        this.script = script
        this.parameters = parameters
        this.release = [version: parameters.version?.toString()]
        this.agent = new Agent(script)
        this.workplace = new Workplace(script, parameters)
    }

    /** @return what is known of the release at its end */
    Map run() {
        String reason = ReleaseParameters.nonsense(parameters)
        if (reason != null) {
            script.error("pitstopPipeline: ${reason}".toString())
        }
        if (script.env.NODE_NAME) {
            script.error('pitstopPipeline was called on a node, which nobody else could use while people think and ' +
                'splits bake. Next: Call it outside of node, in a declarative pipeline with agent none.')
        }
        boolean done = false
        try {
            if (parameters.check == true || parameters.since && parameters.check != false) {
                script.stage('Check') { workplace.run { check() } }
            }
            script.stage('Expand') { expand() }
            approve('Approve deploy', 'deployGreen', [step: 'deploy-green'], '8h')
            script.stage('Prepare') { prepare() }
            approve('Approve switch', 'switchTraffic', shift() + [step: 'switch-traffic'], '8h')
            script.stage('Switch') { switchTraffic() }
            if (parameters.contract != false) {
                script.stage('Bake before contract') { bake() }
                approve('Approve contract', 'contract', [step: 'contract', acceptRisk: parameters.acceptRisk], '7d')
                script.stage('Contract') { workplace.run { contract() } }
            }
            done = true
            return release
        } finally {
            if (!done) {
                lookAfterUsers()
            }
        }
    }

    private void check() {
        step('checkMigrations', 'check',
            [since: parameters.since, sarif: '.pitstop/check.sarif', junit: '.pitstop/check.xml'])
    }

    /** The database decides which of two builds opens its release; the other asks again, without a node in between. */
    private void expand() {
        Map result = open(true)
        int pause = 60
        while (result.busy && parameters.whenBusy == 'wait') {
            script.echo("Waiting for release ${result.busy} to end.".toString())
            script.sleep(time: pause, unit: 'SECONDS')
            pause = pause < 600 ? 2 * pause : pause
            result = open(false)
        }
        if (result.exitCode != 0) {
            agent.fail('migrate-expand', result, parameters)
        }
    }

    private Map open(boolean first) {
        return workplace.run {
            if (first) {
                hook('before', 'migrateExpand')
            }
            Map result = agent.attempt('migrate-expand', given([version: parameters.version]))
            if (result.exitCode == 0) {
                learn(result)
                hook('after', 'migrateExpand')
            }
            return result
        }
    }

    private void prepare() {
        script.parallel(
            'Backfill': {
                workplace.run { step('backfill', 'backfill', [batchRows: parameters.batchRows]) }
            },
            'Deploy and smoke test': {
                workplace.run {
                    script.stage('Deploy') { step('deployGreen', 'deploy-green', [version: parameters.version]) }
                    script.stage('Smoke test') { step('smokeTest', 'smoke-test', [junit: '.pitstop/smoke-test.xml']) }
                }
            })
    }

    private void approve(String title, String step, Map what, String within) {
        if (parameters.approvals == null ? step != 'deployGreen' : parameters.approvals.contains(step)) {
            script.stage(title) {
                new Approval(script, workplace, given(what + [
                    submitter: parameters.approvers, timeout: parameters.approveWithin ?: within])).ask()
            }
        }
    }

    private void switchTraffic() {
        Map result = look(false)
        while (result.baking) {
            script.sleep(time: result.wakeInSeconds, unit: 'SECONDS')
            result = look(true)
        }
    }

    /** One run of switch-traffic; the bake that it leaves goes on without it. */
    private Map look(boolean resume) {
        return workplace.run {
            if (!resume) {
                hook('before', 'switchTraffic')
            }
            users = 'moving'
            // A first run that failed outside has put users back, and who moved them meanwhile is not to be fought.
            Map result = agent.attempt('switch-traffic', given(shift() + [
                watch: parameters.watch ?: '3m', resume: resume, retries: resume ? parameters.retries : 0]))
            users = usersAfter(result, resume)
            if (result.exitCode != 0) {
                agent.fail('switch-traffic', result, parameters)
            }
            learn(result)
            if (!result.baking) {
                hook('after', 'switchTraffic')
                draw()
            }
            return result
        }
    }

    private Map shift() {
        return [plan: parameters.plan, steps: parameters.steps, bakeTime: parameters.bakeTime]
    }

    @NonCPS
    private static String usersAfter(Map result, boolean resume) {
        switch (result.exitCode) {
            case 0: return result.baking ? 'moving' : 'on the new version'
            case 2: return resume ? 'moving' : 'where they were'
            case 3: return resume ? 'moving' : 'where they were'
            case 4: return 'on the old version'
            case 6: return 'unknown'
            default: return 'moving'
        }
    }

    private void bake() {
        int seconds = untilContract()
        while (seconds > 0) {
            script.sleep(time: seconds, unit: 'SECONDS')
            seconds = untilContract()
        }
    }

    private int untilContract() {
        // A release that serves users well does not fail because its database was away for a moment.
        Map status = (Map) workplace.run { agent.run('status', given([report: PAGE, retries: parameters.retries ?: 3])) }
        if (isContracted(status)) {
            return 0 // by another job meanwhile; what is left finds it done
        }
        if (status.contractDueInSeconds == null) {
            users = 'on the old version'
            script.error("Release ${release.release} is not switched any more: ${status.message} Next: Run rollback " +
                'with abandon to give it up, or start the build again to switch it.')
        }
        return (int) status.contractDueInSeconds
    }

    @NonCPS
    private static boolean isContracted(Map status) {
        return status.facts instanceof Map && status.facts.get('contracted') != null
    }

    private void contract() {
        users = 'on the new version for good'
        step('contract', 'contract', [acceptRisk: parameters.acceptRisk])
        draw()
    }

    private void lookAfterUsers() {
        if (script.env.PITSTOP_STOPPED) {
            users = 'unknown'
        }
        boolean back = users == 'moving' || users == 'on the new version' && parameters.onFailure == 'rollback'
        script.echo(back ? "Users go back from ${release.version} to the old version.".toString() : farewell(users))
        if (back) {
            goBack()
        }
    }

    private void goBack() {
        boolean arrived = false
        try {
            script.timeout(time: 1, unit: 'HOURS') {
                script.stage('Rollback') { workplace.run { rollback() } }
            }
            arrived = true
        } finally {
            if (!arrived) {
                script.echo('It is not sure that all users are back: look at pitstop status, and run pitstop rollback by hand.')
            }
        }
    }

    /** Users come first: a hook that fails must not keep them where they are. */
    private void rollback() {
        try {
            hook('before', 'rollback')
        } finally {
            learn(agent.run('rollback', given([retries: parameters.retries ?: 3])))
        }
        hook('after', 'rollback')
        draw()
    }

    @NonCPS
    private static String farewell(String users) {
        switch (users) {
            case 'where they were':
                return 'Nothing to do for users: this build moved nobody. Start it again to go on.'
            case 'on the old version':
                return 'Nothing to do for users: this build leaves them on the old version. Start it again to go on.'
            case 'on the new version':
                return 'Users stay on the new version (onFailure: freeze). Run rollback, or start the build again to go on.'
            case 'on the new version for good':
                return 'Users stay on the new version, since contract was started. Start the build again to finish it.'
            default:
                return 'Nothing more is done: it is not certain who serves users.'
        }
    }

    private void step(String name, String command, Map own) {
        hook('before', name)
        learn(agent.run(command, given(own)))
        hook('after', name)
    }

    private void hook(String when, String step) {
        Map hooks = (Map) parameters.get(when)
        if (hooks != null && hooks.get(step) != null) {
            hooks.get(step).call(release)
        }
    }

    /** Shows the release on the build's page; that it cannot be shown is no reason to fail. */
    private void draw() {
        script.catchError(message: 'The page of the release could not be drawn.', catchInterruptions: false,
                buildResult: null, stageResult: null) {
            agent.attempt('status', given([report: PAGE]))
        }
    }

    private void learn(Map result) {
        release = release + result
    }

    /** Every command is told the release: ours may have been given up while we waited, and another one opened. */
    private Map given(Map own) {
        return [
            release: release.release, config: parameters.config, credentialsId: parameters.credentialsId,
            awsCredentialsId: parameters.awsCredentialsId, awsRole: parameters.awsRole,
            retries: parameters.retries, onCall: parameters.onCall] + own
    }
}
