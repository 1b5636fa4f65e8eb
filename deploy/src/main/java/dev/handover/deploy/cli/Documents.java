package dev.handover.deploy.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.handover.deploy.config.InvalidPipeline;
import dev.handover.deploy.config.Problem;

/** Answers and errors as JSON documents. Fields are only ever added within one {@code apiVersion}. */
final class Documents {
    private static final String API_VERSION = "handover/v1";
    private static final ObjectMapper JSON = new ObjectMapper();

    private Documents() {}

    static String of(Answer answer) {
        ObjectNode document = JSON.createObjectNode();
        document.put("apiVersion", API_VERSION);
        document.put("kind", answer.kind());
        document.set("data", JSON.valueToTree(answer.data()));
        document.set("warnings", JSON.valueToTree(answer.warnings()));
        document.set("nextSteps", JSON.valueToTree(answer.nextSteps()));
        return write(document);
    }

    static String of(String code, String message, String hint) {
        ObjectNode document = JSON.createObjectNode();
        document.putObject("error").put("code", code).put("message", message).put("hint", hint);
        return write(document);
    }

    /** The first problem stands for all, which follow as {@code problems}. */
    static String of(InvalidPipeline invalid) {
        ObjectNode document = JSON.createObjectNode();
        ObjectNode error = document.putObject("error");
        error.put("code", "config-invalid")
                .put("message", Faults.summary(invalid))
                .put("hint", Faults.HINT);
        Problem first = invalid.problems().get(0);
        place(error, invalid, first);
        var problems = error.putArray("problems");
        for (Problem problem : invalid.problems()) {
            ObjectNode one = problems.addObject();
            one.put("code", problem.code()).put("message", problem.message()).put("hint", problem.hint());
            place(one, invalid, problem);
        }
        return write(document);
    }

    private static void place(ObjectNode error, InvalidPipeline invalid, Problem problem) {
        error.putObject("at")
                .put("file", invalid.file())
                .put("line", problem.line())
                .put("column", problem.column())
                .put("path", problem.path());
    }

    private static String write(ObjectNode document) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(document);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a document can't be written", impossible);
        }
    }
}
