// Job DSL: the jobs of one application that is released with Pitstop. To adapt: the next three lines. The application's
// repository holds copies of the Jenkinsfiles beside this file, in a folder jenkins.
String application = 'blog'
String repository = 'https://git.example.com/blog.git'
String gitCredentials = 'git-read'

Map jobs = [
    release: 'Jenkinsfile|Releases one version: schema and application, with approvals.',
    rollback: 'Jenkinsfile.rollback|Gives all users back to the old version.',
    contract: 'Jenkinsfile.contract|Removes what only old versions needed, of releases that baked long enough.',
    backfill: 'Jenkinsfile.backfill|Fills old rows of the release under way.'
]

folder(application) {
    description("Releases of ${application} with Pitstop.")
}

jobs.each { name, text ->
    String[] parts = text.split('[|]')
    pipelineJob("${application}/${name}") {
        description(parts[1])
        definition {
            cpsScm {
                scm {
                    git {
                        remote {
                            url(repository)
                            credentials(gitCredentials)
                        }
                        branch('main')
                    }
                }
                scriptPath("jenkins/${parts[0]}")
                lightweight(true)
            }
        }
    }
}

// Not in the folder of the releases, whose credentials nothing in a pull request may name.
multibranchPipelineJob("${application}-pull-requests") {
    description('Judges the migrations of every branch and pull request.')
    branchSources {
        git {
            id("${application}-pull-requests")
            remote(repository)
            credentialsId(gitCredentials)
        }
    }
    factory {
        workflowBranchProjectFactory {
            scriptPath('jenkins/Jenkinsfile.pull-request')
        }
    }
    orphanedItemStrategy {
        discardOldItems {
            numToKeep(20)
        }
    }
}
