import io.pitstop.jenkins.Approval
import io.pitstop.jenkins.Workplace

/** Asks people to approve a step, holding no node while they think. Parameters: approve.txt. */
Map call(Map parameters) {
    return new Approval(this, new Workplace(this, parameters), parameters).ask()
}
