package io.pitstop.cli.output;

import io.pitstop.error.InvalidConfig;
import io.pitstop.error.PitstopException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Options that cannot be understood: one line that names the option, exit code 2, nothing touched. */
public final class WrongUsage implements IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException wrong, String[] arguments) {
        CommandLine command = wrong.getCommandLine();
        PrintWriter err = command.getErr();
        PitstopException refusal = refusal(wrong, command);
        ResultFile.named(arguments, command.getCommandName()).write(refusal, err);
        return Failures.print(err, refusal);
    }

    /** A library that does not fit may well use options that we do not know; then that is what is wrong. */
    private static PitstopException refusal(ParameterException wrong, CommandLine command) {
        try {
            LibraryVersion.requireFit(System.getenv(), Version.ofThisJar());
        } catch (InvalidConfig misfit) {
            return misfit;
        }
        return new InvalidConfig(
                wrong.getMessage(),
                suggestion(wrong) + "Run " + command.getCommandSpec().qualifiedName() + " --help to see the options.",
                wrong);
    }

    private static String suggestion(ParameterException wrong) {
        List<String> suggestions =
                wrong instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        return suggestions.isEmpty() ? "" : "Did you mean " + String.join(" or ", suggestions) + "? ";
    }
}
