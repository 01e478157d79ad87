package io.pitstop.jenkins

import com.cloudbees.groovy.cps.NonCPS

/** The parameters of a step as options of its command. */
class CommandLine implements Serializable {
    private static final long serialVersionUID = 1L

    /** What the library itself uses; every other parameter is an option of the command. */
    static final List<String> LIBRARY_PARAMETERS = ['credentialsId', 'awsCredentialsId', 'awsRole', 'retries', 'onCall']

    /**
     * Shown in the build log as is, so that an operator can paste it into a shell: {@code bakeTime: '5m'} is
     * {@code --bake-time '5m'}, true is the bare option, a list is joined by commas, null and false are left out.
     */
    @NonCPS
    static String of(String command, Map parameters, String resultFile) {
        String options = ''
        // No closure: in the sandbox, one in a static method cannot call another static method.
        for (name in parameters.keySet()) {
            options += option(name.toString(), parameters.get(name))
        }
        return "pitstop ${command}${options} --result ${resultFile}".toString()
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
