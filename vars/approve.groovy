import io.pitstop.jenkins.Approval
import io.pitstop.jenkins.Workplace

/** Asks people to approve a step, holding no node while they think. Parameters: approve.txt. */
Map call(Map parameters) {
    Workplace workplace = new Workplace(this, (parameters.label ?: '').toString(), parameters.stash?.toString())
    return new Approval(this, workplace, parameters).ask()
}
