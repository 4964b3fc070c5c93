package dev.weir.connect.coap;

import dev.weir.engine.Reading;
import dev.weir.engine.ReadingJson;
import dev.weir.engine.Sink;
import dev.weir.engine.Template;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.eclipse.californium.core.coap.CoAP.ResponseCode;

/// Sends each reading as JSON to a CoAP server, one after the other.
final class CoapSink implements Sink {
    private final Template url;
    private final CoapActuator server;

    CoapSink(Template url, CoapActuator server) {
        this.url = url;
        this.server = server;
    }

    @Override
    public void open() {}

    /// One reading a call: what was answered for the first of several would be unclear when the
    /// second fails.
    @Override
    public int batch() {
        return 1;
    }

    @Override
    public Duration patience() {
        return server.patience();
    }

    @Override
    public void write(List<Reading> batch) throws IOException, InterruptedException {
        for (Reading reading : batch) {
            try {
                server.send(url.render(reading), ReadingJson.text(reading));
            } catch (Template.Unfit unfit) {
                throw new Refused(String.valueOf(unfit.getMessage()));
            } catch (CoapActuator.Unsuccessful answer) {
                if (answer.code().isClientError() && answer.code() != ResponseCode.TOO_MANY_REQUESTS) {
                    throw new Refused(String.valueOf(answer.getMessage()));
                }
                throw answer;
            }
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
