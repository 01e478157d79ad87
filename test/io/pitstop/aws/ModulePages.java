package io.pitstop.aws;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The README.md of each module: what it does, its variables and its outputs. */
final class ModulePages {
    static final Path FOLDER = Path.of("terraform");

    /** What each module does; the rest of a page comes from the module. */
    private static final Map<String, String> MODULES = Map.ofEntries(
            Map.entry(
                    "aws/agent-policy",
                    """
                    The least that the role of a build node must be allowed for what Pitstop itself calls, as [actions.json](actions.json)
                    lists it. Where AWS can limit a call to some resources, it is; without resources, it is not allowed at all. What
                    Terraform needs to make environments is not in it.
                    """),
            Map.entry(
                    "aws/emulated/environment",
                    """
                    One colour as a process on this machine that is a target of the emulated load balancer: `pitstop demo --aws` calls it.
                    """),
            Map.entry(
                    "aws/emulated/traffic",
                    """
                    What an application needs of an emulated AWS, on a load balancer that is there already: `pitstop demo --aws` calls it.
                    """),
            Map.entry(
                    "aws/environment/asg",
                    """
                    One colour at one version as an Auto Scaling group. Another version, or another template, makes a group beside the
                    old one, which goes when the new one is healthy. Instances that go leave the target group first and have the
                    deregistration delay. Same variables and outputs as `ecs` and `ec2`, but for what is run.
                    """),
            Map.entry(
                    "aws/environment/ec2",
                    """
                    One colour at one version as plain instances, for small shops. Another version replaces them: the old ones leave the
                    target group, have the deregistration delay and end, before the new ones start; so never apply another version to
                    the live colour, which Pitstop does not. The apply waits until the colour answers at `url` with success, for which
                    it runs `curl`. Same variables and outputs as `ecs` and `asg`, but for what is run.
                    """),
            Map.entry(
                    "aws/environment/ecs",
                    """
                    One colour at one version as a service on Fargate. The apply ends when as many tasks as wanted are healthy, and fails
                    if they do not become so. A task that goes leaves the target group first, then has the deregistration delay, then
                    SIGTERM and `stop_timeout`. Same variables and outputs as `asg` and `ec2`, but for what is run.
                    """),
            Map.entry(
                    "aws/environment/machine",
                    """
                    What `asg` and `ec2` have in common: what an instance does at its first boot, its role, and the log group of its colour.
                    They call it; nobody else has to.
                    """),
            Map.entry(
                    "aws/examples/adopt/environment",
                    """
                    One colour as a service on Fargate, beside [traffic](../traffic) and in a VPC that is there already: a root module to start
                    from, with one state for each colour.
                    """),
            Map.entry(
                    "aws/examples/adopt/traffic",
                    """
                    Who serves users, as a rule of a listener that is there already: a root module to start from. Users are where they were
                    until the rule of today is deleted.
                    """),
            Map.entry(
                    "aws/examples/asg/environment",
                    """
                    One colour as an Auto Scaling group, beside [traffic](../traffic): a root module to start from, with one state for each colour.
                    """),
            Map.entry(
                    "aws/examples/asg/traffic",
                    """
                    Who serves users, with a VPC and a database of its own, for an Auto Scaling group: a root module to start from. Its state is not that of
                    the colours.
                    """),
            Map.entry(
                    "aws/examples/database",
                    """
                    A PostgreSQL on RDS for the examples, whose password RDS keeps in Secrets Manager.
                    """),
            Map.entry(
                    "aws/examples/ec2/environment",
                    """
                    One colour as plain instances, beside [traffic](../traffic): a root module to start from, with one state for each colour.
                    """),
            Map.entry(
                    "aws/examples/ec2/traffic",
                    """
                    Who serves users, with a VPC and a database of its own, for plain instances: a root module to start from. Its state is not that of
                    the colours.
                    """),
            Map.entry(
                    "aws/examples/ecs/environment",
                    """
                    One colour as a service on Fargate, beside [traffic](../traffic): a root module to start from, with one state for each colour.
                    """),
            Map.entry(
                    "aws/examples/ecs/traffic",
                    """
                    Who serves users, with a VPC and a database of its own, for a service on Fargate: a root module to start from. Its state is not that of
                    the colours.
                    """),
            Map.entry(
                    "aws/examples/network",
                    """
                    A VPC for the examples: public subnets for the load balancer, private ones for the rest, and one way out.
                    """),
            Map.entry(
                    "aws/traffic",
                    """
                    Who serves users, on an Application Load Balancer that is made or adopted: a listener, or a rule of one that
                    others use too, whose action splits requests between two target groups; a test listener for each colour; security
                    groups, alarms, and weighted DNS records for those who switch by DNS.

                    How the split begins is said by `initial_live`. Then the action belongs to Pitstop, and Terraform leaves it alone,
                    stickiness included. Give `initial_live` the colour that is live: it is all users' colour again if a listener, a
                    rule or a record has to be made anew.
                    """),
            Map.entry(
                    "local/environment",
                    """
                    One colour at one version as a process on this machine. Another version ends the old process and starts the new one. Same
                    outputs as the modules on AWS.
                    """),
            Map.entry(
                    "local/traffic",
                    """
                    The built-in proxy as a process on this machine. Who serves users is its own knowledge: an apply that starts it again
                    leaves the split as it was.
                    """));

    private static final Pattern BLOCK =
            Pattern.compile("^(variable|output) \"(\\w+)\" \\{\\n(.*?)^\\}", Pattern.MULTILINE | Pattern.DOTALL);

    private ModulePages() {}

    /** Text by module. */
    static Map<String, String> all() throws IOException {
        Map<String, String> pages = new TreeMap<>();
        for (String module : MODULES.keySet()) {
            pages.put(module, page(module));
        }
        return pages;
    }

    static Path file(String module) {
        return FOLDER.resolve(module).resolve("README.md");
    }

    private static String page(String module) throws IOException {
        StringBuilder page = new StringBuilder("# ")
                .append(module.replaceFirst("^aws/", ""))
                .append("\n\n")
                .append(MODULES.get(module))
                .append(
                        "\nWritten from the module by `mvn test -Dtest=ModulePagesTest -Dpitstop.pages=write`; a test compares.\n")
                .append("\n## Variables\n\n| variable | type | default | |\n| --- | --- | --- | --- |\n");
        for (Block variable : blocks(FOLDER.resolve(module).resolve("variables.tf"))) {
            page.append("| `%s` | `%s` | %s | %s |\n"
                    .formatted(
                            variable.name(),
                            variable.value("type"),
                            variable.has("default") ? "`" + variable.value("default") + "`" : "–",
                            variable.description()));
        }
        page.append("\n## Outputs\n\n| output | |\n| --- | --- |\n");
        for (Block output : blocks(FOLDER.resolve(module).resolve("outputs.tf"))) {
            page.append("| `%s` | %s |\n".formatted(output.name(), output.description()));
        }
        return page.toString();
    }

    /** The variables or outputs of a file that terraform fmt has formatted. */
    static List<Block> blocks(Path file) throws IOException {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(Files.readString(file));
        while (matcher.find()) {
            blocks.add(new Block(matcher.group(2), matcher.group(3)));
        }
        return blocks;
    }

    /**
     * One variable or output.
     *
     * @param text what is between its braces
     */
    record Block(String name, String text) {
        boolean has(String argument) {
            return Pattern.compile("^  " + argument + " +=", Pattern.MULTILINE)
                    .matcher(text)
                    .find();
        }

        /** The argument's value on one line. */
        String value(String argument) {
            Matcher matcher = Pattern.compile(
                            "^  " + argument + " += (.*?)(?=^  \\w|^\\s*$|\\z)", Pattern.MULTILINE | Pattern.DOTALL)
                    .matcher(text);
            if (!matcher.find()) {
                throw new AssertionError(name + " has no " + argument);
            }
            String line = matcher.group(1).strip().replaceAll("\\n\\s*(?=[}\\])])", " ");
            return line.replaceAll("([{(\\[])\\n\\s*", "$1 ")
                    .replaceAll(",?\\n\\s*", ", ")
                    .replaceAll(" += ", " = ")
                    .replace("|", "\\|");
        }

        String description() {
            String quoted = value("description");
            return quoted.substring(1, quoted.length() - 1).replace("\\\"", "\"");
        }
    }
}
