package dev.weir.connect.coap;

import dev.weir.engine.config.Kind;
import dev.weir.engine.config.Option;
import dev.weir.engine.config.Problems;
import dev.weir.engine.config.Section;
import dev.weir.engine.config.Shape;
import dev.weir.engine.tls.ClientTls;
import java.time.Duration;
import java.util.Optional;

/// What a `coap` action or sink is told by the config, beside its address.
///
/// @param method PUT rather than POST
/// @param confirmable whether the actuator must acknowledge the message itself
/// @param timeout how long to wait for the answer
/// @param secret how the node shows who it is, and whom it believes, where the URL is coaps://
record ActionOptions(Method method, boolean confirmable, Duration timeout, Optional<ClientSecret> secret) {
    static final Shape SHAPE = Shape.of(
            "Sends commands, or readings as JSON, to a CoAP server",
            Option.required(
                    "url",
                    new Kind.Template(),
                    "Where to: coap://host/path, or coaps:// for DTLS; may contain {variables}"),
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
                    "How long to wait for the answer"),
            Option.optional(
                    "identity", new Kind.Text(), "For coaps:// with a pre-shared key: the name that goes with the key"),
            Option.optional("key", new Kind.Secret(), "For coaps:// with a pre-shared key: the key, as text"),
            Option.optional(
                    "tls", new Kind.Group(ClientTls.shape()), "For coaps:// with certificates: whom to believe"));

    enum Method {
        PUT,
        POST
    }

    static ActionOptions of(Section options, Problems problems) {
        String url = options.text("url");
        boolean encrypted = url.startsWith("coaps://");
        if (!encrypted && !url.startsWith("coap://")) {
            problems.error(
                    options.at("url"), "expected a URL that begins with coap:// or coaps://, but was '" + url + "'");
        }
        return new ActionOptions(
                options.text("method").equals("post") ? Method.POST : Method.PUT,
                options.flag("confirmable"),
                options.duration("timeout"),
                ClientSecret.of(options, encrypted, problems));
    }
}
