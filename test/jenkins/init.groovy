// Runs at each start of the controller that run.sh tests with: who may do what, where builds run, the trusted library.
import hudson.model.Item
import hudson.security.GlobalMatrixAuthorizationStrategy
import hudson.security.HudsonPrivateSecurityRealm
import jenkins.model.Jenkins
import jenkins.model.JenkinsLocationConfiguration
import jenkins.plugins.git.GitSCMSource
import jenkins.plugins.git.traits.BranchDiscoveryTrait
import org.jenkinsci.plugins.workflow.libs.GlobalLibraries
import org.jenkinsci.plugins.workflow.libs.LibraryConfiguration
import org.jenkinsci.plugins.workflow.libs.SCMSourceRetriever

Jenkins jenkins = Jenkins.get()
JenkinsLocationConfiguration.get().url = System.getenv('TEST_URL')

// alice sets up, release-managers approves (Jenkins takes a user for a group of one), bob may only start jobs.
HudsonPrivateSecurityRealm realm = new HudsonPrivateSecurityRealm(false, false, null)
GlobalMatrixAuthorizationStrategy rights = new GlobalMatrixAuthorizationStrategy()
['alice', 'release-managers', 'bob'].each { user ->
    realm.createAccount(user, System.getenv('TEST_PASSWORD'))
    [Jenkins.READ, Item.READ, Item.BUILD].each { right -> rights.add(right, user) }
}
rights.add(Jenkins.ADMINISTER, 'alice')
jenkins.securityRealm = realm
jenkins.authorizationStrategy = rights

jenkins.labelString = 'pitstop pitstop-check'
jenkins.numExecutors = 4

GitSCMSource source = new GitSCMSource(System.getenv('TEST_LIBRARY'))
source.traits = [new BranchDiscoveryTrait()]
LibraryConfiguration library = new LibraryConfiguration('pitstop-trusted', new SCMSourceRetriever(source))
library.defaultVersion = 'main'
library.implicit = false
GlobalLibraries.get().libraries = [library]
jenkins.save()
