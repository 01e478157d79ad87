package io.pitstop.jenkins

import com.cloudbees.groovy.cps.NonCPS

/** What pitstopPipeline can be told. */
class ReleaseParameters implements Serializable {
    private static final long serialVersionUID = 1L

    static final List<String> NAMES = [
        'version', 'label', 'stash', 'check', 'since', 'batchRows', 'plan', 'steps', 'bakeTime', 'watch', 'approvals',
        'approvers', 'approveWithin', 'contract', 'acceptRisk', 'whenBusy', 'onFailure', 'before', 'after', 'config',
        'credentialsId', 'awsCredentialsId', 'awsRole', 'retries', 'onCall']

    /** What hooks can be hung on. */
    static final List<String> STEPS = [
        'checkMigrations', 'migrateExpand', 'backfill', 'deployGreen', 'smokeTest', 'switchTraffic', 'contract',
        'rollback']

    /** Why the parameters cannot be meant, and what to write instead; null if they can. */
    @NonCPS
    static String nonsense(Map parameters) {
        if (parameters.approvals != null && !(parameters.approvals instanceof List)) {
            return "approvals is ${parameters.approvals}. Next: Write a list, such as ['switchTraffic', 'contract']."
        }
        return stranger('there is no parameter', parameters.keySet(), NAMES) ?:
            stranger('before names', (parameters.before ?: [:]).keySet(), STEPS) ?:
            stranger('after names', (parameters.after ?: [:]).keySet(), STEPS) ?:
            stranger('approvals names', parameters.approvals ?: [],
                ['deployGreen', 'switchTraffic', 'contract']) ?:
            stranger('whenBusy is', [parameters.whenBusy ?: 'refuse'], ['refuse', 'wait']) ?:
            stranger('onFailure is', [parameters.onFailure ?: 'freeze'], ['freeze', 'rollback']) ?:
            (parameters.version ? null : 'version is missing. Next: Say which version to release.')
    }

    /** A sentence about the first of {@code words} that is not {@code known}; null if all are. */
    @NonCPS
    private static String stranger(String what, Collection words, List<String> known) {
        for (word in words) {
            if (!known.contains(word.toString())) {
                return "${what} ${word}. Next: Write one of ${known.join(', ')}."
            }
        }
        return null
    }
}
