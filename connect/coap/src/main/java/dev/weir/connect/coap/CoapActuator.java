package dev.weir.connect.coap;

import dev.weir.connect.coap.ActionOptions.Method;
import dev.weir.engine.Actuator;
import dev.weir.engine.Command;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.eclipse.californium.core.coap.CoAP;
import org.eclipse.californium.core.coap.CoAP.Code;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;
import org.eclipse.californium.core.coap.Request;
import org.eclipse.californium.core.coap.Response;
import org.eclipse.californium.core.network.CoapEndpoint;
import org.eclipse.californium.elements.config.Configuration;
import org.jspecify.annotations.Nullable;

/// Puts commands to CoAP servers. Its socket and threads begin with the first command.
final class CoapActuator implements Actuator {
    private final ActionOptions options;
    private final String name;

    /// Guarded by this.
    private @Nullable Client client;

    private boolean closed;

    private record Client(CoapEndpoint endpoint, Stage stage) {}

    /// @param name the rule's, for the names of threads
    CoapActuator(ActionOptions options, String name) {
        this.options = options;
        this.name = name;
    }

    /// The other side answered, but not with success.
    static final class Unsuccessful extends IOException {
        private static final long serialVersionUID = 1;

        private final ResponseCode code;

        Unsuccessful(String message, ResponseCode code) {
            super(message);
            this.code = code;
        }

        ResponseCode code() {
            return code;
        }
    }

    @Override
    public Duration patience() {
        return Actuator.super.patience().plus(options.timeout());
    }

    @Override
    public void execute(Command command) throws IOException, InterruptedException {
        send(command.address(), command.payload());
    }

    /// Sends a payload to a URL and waits for the answer.
    void send(String url, String payload) throws IOException, InterruptedException {
        Request request = request(url, payload);
        request.send(client().endpoint);
        Response response;
        try {
            response = request.waitForResponse(options.timeout().toMillis());
        } finally {
            // Ends repetitions when nobody waits any more.
            request.cancel();
        }
        String what = options.method() + " " + url;
        if (response == null) {
            throw new IOException(what + ": " + silence(request));
        }
        if (!response.isSuccess()) {
            String detail = response.getPayloadSize() == 0 ? "" : " " + cut(response.getPayloadString());
            throw new Unsuccessful(what + ": answered " + response.getCode() + detail, response.getCode());
        }
    }

    private Request request(String url, String payload) throws IOException {
        Request request = new Request(
                options.method() == Method.PUT ? Code.PUT : Code.POST,
                options.confirmable() ? CoAP.Type.CON : CoAP.Type.NON);
        try {
            request.setURI(url);
        } catch (IllegalArgumentException unusable) {
            throw new IOException("cannot send to '" + url + "': " + unusable.getMessage(), unusable);
        }
        request.getOptions().setContentFormat(Formats.of(payload));
        request.setPayload(payload);
        return request;
    }

    private String silence(Request request) {
        Throwable cause = request.getSendError();
        if (cause != null) {
            return "cannot be sent: " + cause.getMessage();
        }
        return request.isRejected()
                ? "the server rejected it (RST)"
                : "no answer within " + options.timeout().toMillis() + " ms";
    }

    private static String cut(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }

    private CoapEndpoint endpoint() {
        CoapEndpoint.Builder builder = CoapEndpoint.builder();
        if (options.secret().isPresent()) {
            Configuration configuration = Settings.client();
            return builder.setConfiguration(configuration)
                    .setConnector(options.secret().get().socket(configuration, "coap-" + name))
                    .build();
        }
        return builder.setConfiguration(Settings.client())
                .setInetSocketAddress(new InetSocketAddress(0))
                .build();
    }

    private synchronized Client client() throws IOException {
        if (closed) {
            throw new IOException("the actuator is closed");
        }
        if (client == null) {
            Stage stage = new Stage("coap-" + name);
            CoapEndpoint endpoint = endpoint();
            stage.runs(endpoint);
            try {
                endpoint.start();
            } catch (IOException e) {
                stage.close();
                throw e;
            }
            client = new Client(endpoint, stage);
        }
        return client;
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (client != null) {
            client.endpoint.destroy();
            client.stage.close();
            client = null;
        }
    }
}
