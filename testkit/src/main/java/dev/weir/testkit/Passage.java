package dev.weir.testkit;

import java.io.IOException;
import java.net.Socket;

/// Passes on whatever is said, as it is: for a [Wiretap] that only cuts.
public final class Passage implements Wiretap.Relay {
    @Override
    public void toServer(Socket client, Socket server) throws IOException {
        client.getInputStream().transferTo(server.getOutputStream());
    }

    @Override
    public void toClient(Socket server, Socket client) throws IOException {
        server.getInputStream().transferTo(client.getOutputStream());
    }
}
