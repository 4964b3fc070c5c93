package dev.weir.node.api;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;

/// Bodies of requests.
final class JsonBody {
    private JsonBody() {}

    /// The fields of an object whose values are texts.
    ///
    /// @param known the names it may have
    static Map<String, String> texts(String body, Set<String> known) throws ApiException {
        Map<String, String> fields = new HashMap<>();
        try (JsonParser json = Json.FACTORY.createParser(ObjectReadContext.empty(), body)) {
            boolean object = json.nextToken() == JsonToken.START_OBJECT;
            while (object && json.nextToken() == JsonToken.PROPERTY_NAME) {
                String name = json.currentName();
                if (!known.contains(name) || json.nextToken() != JsonToken.VALUE_STRING) {
                    throw new ApiException(
                            400, "the body may have these texts only: " + String.join(", ", new TreeSet<>(known)));
                }
                fields.put(name, json.getString());
            }
        } catch (JacksonException e) {
            throw new ApiException(400, "the body is no JSON: " + e.getOriginalMessage());
        }
        return fields;
    }
}
