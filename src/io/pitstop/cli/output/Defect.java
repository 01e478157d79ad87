package io.pitstop.cli.output;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** What is not a PitstopException is a defect of ours: shown with its trace, exit code 1. */
public final class Defect implements IExecutionExceptionHandler {
    public static final int EXIT_CODE = 1;

    @Override
    public int handleExecutionException(Exception defect, CommandLine command, ParseResult arguments) {
        PrintWriter err = command.getErr();
        String hint = "Run pitstop status to see how far the release is, then run the step again.";
        err.println("pitstop: this is a defect of Pitstop, not of your release. Please report what follows.");
        defect.printStackTrace(err);
        err.println("Next: " + hint);
        err.flush();
        String[] given = arguments.originalArgs().toArray(String[]::new);
        ResultFile.named(given, command.getCommandName())
                .write(EXIT_CODE, "This is a defect of Pitstop, please report it: " + defect, hint, err);
        return EXIT_CODE;
    }
}
