package io.millrace.control;

import io.millrace.control.config.RulesetException;
import io.millrace.control.verb.ExitStatus;
import io.millrace.dataplane.config.ConfigException;
import io.millrace.packet.document.DocumentException;
import io.millrace.packet.document.Spelling;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.Set;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Says what went wrong, and decides the exit status.
final class Failures implements IParameterExceptionHandler, IExecutionExceptionHandler {

    @Override
    public int handleParseException(ParameterException exception, String[] args) {
        CommandLine commandLine = exception.getCommandLine();
        PrintWriter err = commandLine.getErr();
        boolean isUnknownVerb = commandLine.getParent() == null
            && exception instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption();
        if (isUnknownVerb) {
            String verb = ((UnmatchedArgumentException) exception).getUnmatched().getFirst();
            Set<String> verbs = commandLine.getSubcommands().keySet();
            err.println("millrace: unknown verb \"" + verb + "\"" + Spelling.suggestion(verb, verbs));
            err.println("  allowed: " + String.join(", ", verbs));
        } else {
            err.println("millrace: " + exception.getMessage());
            UnmatchedArgumentException.printSuggestions(exception, err);
        }
        err.println("  try: " + commandLine.getCommandSpec().qualifiedName() + " --help");
        return ExitStatus.WRONG_INPUT;
    }

    @Override
    public int handleExecutionException(Exception exception, CommandLine commandLine, ParseResult result) {
        PrintWriter err = commandLine.getErr();
        switch (exception) {
            case DocumentException _ -> err.println(exception.getMessage());
            case RulesetException _ -> err.println(exception.getMessage());
            case ConfigException _ -> err.println("millrace: " + exception.getMessage());
            case UncheckedIOException e ->
                err.println("millrace: " + e.getMessage() + ": " + e.getCause().getMessage());
            default -> { return bug(exception, err); }
        }
        return ExitStatus.WRONG_INPUT;
    }

    static int bug(Throwable cause, PrintWriter err) {
        err.println("millrace: stopped by a bug of its own; please report what follows, with the config:");
        cause.printStackTrace(err);
        return ExitStatus.BUG;
    }
}
