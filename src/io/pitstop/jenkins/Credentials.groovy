package io.pitstop.jenkins

import com.cloudbees.groovy.cps.NonCPS

/** Lets the agent, and nothing else, see the credentials that the parameters of a step name by their ids. */
class Credentials implements Serializable {
    private static final long serialVersionUID = 1L

    private final Object script

    /** @param script what the pipeline's own steps are called on */
    Credentials(Object script) {
        this.script = script
    }

    /** Runs {@code body} with what the parameters name in its environment, masked in the log; returns its value. */
    Object around(Map parameters, Closure body) {
        if (parameters.awsRole && !parameters.awsCredentialsId) {
            script.error('awsRole needs awsCredentialsId. Next: Name the credentials that may assume the role.')
        }
        List bindings = bindings(parameters)
        return bindings.isEmpty() ? body() : script.withCredentials(bindings, body)
    }

    /** By class name, not by symbol: a binding is not a step, and both plugins know their classes by these names. */
    @NonCPS
    private static List bindings(Map parameters) {
        List bindings = []
        if (parameters.credentialsId) {
            bindings.add([
                $class: 'UsernamePasswordMultiBinding',
                credentialsId: parameters.credentialsId.toString(),
                usernameVariable: 'PITSTOP_DB_USER',
                passwordVariable: 'PITSTOP_DB_PASSWORD'])
        }
        if (parameters.awsCredentialsId) {
            Map aws = [
                $class: 'AmazonWebServicesCredentialsBinding',
                credentialsId: parameters.awsCredentialsId.toString(),
                accessKeyVariable: 'AWS_ACCESS_KEY_ID',
                secretKeyVariable: 'AWS_SECRET_ACCESS_KEY']
            if (parameters.awsRole) {
                aws.roleArn = parameters.awsRole.toString()
            }
            bindings.add(aws)
        }
        return bindings
    }
}
