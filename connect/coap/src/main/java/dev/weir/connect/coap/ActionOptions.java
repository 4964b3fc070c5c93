package dev.weir.connect.coap;

import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import java.time.Duration;

/// What a `coap` action or sink is told by the config, beside its address.
///
/// @param method PUT rather than POST
/// @param confirmable whether the actuator must acknowledge the message itself
/// @param timeout how long to wait for the answer
record ActionOptions(Method method, boolean confirmable, Duration timeout) {
    static final Shape SHAPE = Shape.of(
            "Sends commands, or readings as JSON, to a CoAP server",
            Option.required("url", new Kind.Template(), "Where to: coap://host/path, may contain {variables}"),
            Option.defaulted("method", Kind.choice("put", "post"), "put", "The request's method"),
            Option.defaulted(
                    "confirmable",
                    new Kind.Flag(),
                    "true",
                    "Whether the message is repeated until the actuator acknowledges it"),
            Option.defaulted(
                    "timeout",
                    new Kind.Span(Duration.ofMillis(10), Duration.ofMinutes(5)),
                    "10s",
                    "How long to wait for the answer"));

    enum Method {
        PUT,
        POST
    }

    static ActionOptions of(Section options, Problems problems) {
        String url = options.text("url");
        if (url.startsWith("coaps:")) {
            problems.error(options.at("url"), "'coaps' is not in this version; use coap://");
        } else if (!url.startsWith("coap://")) {
            problems.error(options.at("url"), "expected a URL that begins with coap://, but was '" + url + "'");
        }
        return new ActionOptions(
                options.text("method").equals("post") ? Method.POST : Method.PUT,
                options.flag("confirmable"),
                options.duration("timeout"));
    }
}
