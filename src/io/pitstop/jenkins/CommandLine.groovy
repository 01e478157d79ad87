package io.pitstop.jenkins

import com.cloudbees.groovy.cps.NonCPS

/** The parameters of a step as options of its command. */
class CommandLine implements Serializable {
    private static final long serialVersionUID = 1L

    /** What the library itself uses; every other parameter is an option of the command. */
    static final List<String> LIBRARY_PARAMETERS = ['credentialsId', 'awsCredentialsId', 'awsRole', 'retries', 'onCall']

    /** Options that name what is published, and what in it makes it stale if an earlier build left it there. */
    private static final Map<String, String> PUBLISHED = [junit: '', sarif: '', report: '/index.html']

    /**
     * A shell script that runs the command. Its last line is shown in the build log as is, so that an operator can
     * paste it into a shell: {@code bakeTime: '5m'} is {@code --bake-time '5m'}, true is the bare option, a list is
     * joined by commas, null and false are left out.
     *
     * @param run path that the files of this run have in common: {@code .sh} puts the agent on the PATH, {@code .json}
     *     receives the result
     * @param environment what the agent finds in its environment
     */
    @NonCPS
    static String script(String command, Map parameters, String run, Map environment) {
        String preparation = ''
        String options = ''
        // No closures: in the sandbox, one in a static method cannot call another static method.
        for (name in environment.keySet()) {
            preparation += "export ${name}=${quoted(environment.get(name).toString())}; "
        }
        for (name in parameters.keySet()) {
            preparation += removal(name.toString(), parameters.get(name))
            options += option(name.toString(), parameters.get(name))
        }
        // Jenkins shows every line that the shell runs; what only prepares the command need not be read.
        return "{ set +x; } 2>/dev/null; ${preparation}pitstop_result=${run}.json; . ${run}.sh; rm -f -- ${run}.sh; " +
            "set -x\npitstop ${command}${options} --result ${run}.json"
    }

    /** What an earlier build left in the workspace must not be published as what this one found. */
    @NonCPS
    private static String removal(String name, Object file) {
        String stale = PUBLISHED.get(name)
        return file && stale != null ? "rm -f -- ${quoted(file.toString() + stale)}; ".toString() : ''
    }

    @NonCPS
    private static String option(String name, Object value) {
        if (value == null || value == false || LIBRARY_PARAMETERS.contains(name)) {
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
}
