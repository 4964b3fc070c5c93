package dev.weir.node.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One operation of the interface, as data: routing, `Allow` and the OpenAPI document come from it.
///
/// @param method `GET` or `POST`; whatever answers GET answers HEAD
/// @param path with `{name}` for a part that is open
/// @param summary one line for the document
/// @param parameters what the query may have
/// @param body the fields of the JSON body and what they are for, with `?` behind the name of one
///     that may be left out; empty for none
/// @param answers each status it may answer with, and what that means
/// @param type the media type of a good answer
/// @param handler what is done
record Route(
        String method,
        String path,
        String summary,
        List<Parameter> parameters,
        Map<String, String> body,
        Map<Integer, String> answers,
        String type,
        Handler handler) {

    /// A parameter of the query.
    ///
    /// @param type its JSON type
    record Parameter(String name, String type, boolean required, boolean repeated, String about) {}

    /// Does what a route is for. Runs on a virtual thread and may block.
    @FunctionalInterface
    interface Handler {
        Answer answer(Call call) throws Exception;
    }

    Route {
        parameters = List.copyOf(parameters);
        body = Map.copyOf(body);
        answers = Map.copyOf(answers);
    }

    /// The open parts of a path that fits, empty if it does not.
    ///
    /// @param segments a path, split at `/` and each part decoded
    Optional<Map<String, String>> match(List<String> segments) {
        List<String> mine = List.of(path.split("/", -1));
        if (mine.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < mine.size(); i++) {
            String part = mine.get(i);
            if (part.startsWith("{")) {
                variables.put(part.substring(1, part.length() - 1), segments.get(i));
            } else if (!part.equals(segments.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(variables);
    }
}
