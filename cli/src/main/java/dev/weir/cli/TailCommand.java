package dev.weir.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `weir tail`: follows a running node.
@Command(
        name = "tail",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Follows the readings, alarms and commands of a running node until Ctrl-C or until the node stops.",
            "Columns: kind, event time, stream (or the rule of an alarm or command), device, and what else there is."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:nobody reads the output any more, as after `weir tail | head`",
            "1:there is no such node, or it has stopped",
            "2:wrong usage"
        },
        footer = {
            "",
            "Examples:",
            "  weir tail --stream climate",
            "  weir tail --json | jq 'select(.type == \"alarm\")'"
        })
final class TailCommand implements Callable<Integer> {
    @Option(
            names = "--url",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "the node's HTTP interface (default: ${DEFAULT-VALUE})")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private URI url;

    @Option(names = "--stream", paramLabel = "NAME", description = "only the readings and alarms of this stream")
    private @Nullable String stream;

    @Option(names = "--device", paramLabel = "ID", description = "only this device")
    private @Nullable String device;

    @Option(names = "--json", description = "prints each event as a JSON line, all of it")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (url.getHost() == null || !List.of("http", "https").contains(String.valueOf(url.getScheme()))) {
            throw new ParameterException(spec.commandLine(), "--url: expected http://HOST:PORT, but was '" + url + "'");
        }
        Terminal terminal = new Terminal(spec.commandLine().getOut());
        HttpRequest request = HttpRequest.newBuilder(url.resolve("/api/v1/live/sse" + filters()))
                .header("Accept", "text/event-stream")
                .build();
        try (HttpClient client =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build()) {
            HttpResponse<Stream<String>> response;
            try {
                response = client.send(request, HttpResponse.BodyHandlers.ofLines());
            } catch (java.net.ConnectException e) {
                throw new IOException("no node answers at " + url + "; is it running, and is this its `api: listen:`?");
            }
            try (Stream<String> lines = response.body()) {
                if (response.statusCode() != 200) {
                    throw new IOException(url + " answered " + response.statusCode() + ": "
                            + String.join(" ", lines.limit(20).toList()));
                }
                if (!follow(lines.iterator(), terminal)) {
                    return 0;
                }
            } catch (UncheckedIOException e) {
                // The node is gone without a good-bye: the same to who reads.
            }
        }
        terminal.bad("the node has stopped, or ended the connection");
        return 1;
    }

    private String filters() {
        List<String> filters = new ArrayList<>();
        if (stream != null) {
            filters.add("stream=" + URLEncoder.encode(stream, StandardCharsets.UTF_8));
        }
        if (device != null) {
            filters.add("device=" + URLEncoder.encode(device, StandardCharsets.UTF_8));
        }
        return filters.isEmpty() ? "" : "?" + String.join("&", filters);
    }

    /// Reads events as the HTML standard defines them: `event:` and `data:` lines, ended by an
    /// empty one.
    ///
    /// @return false if nobody reads the output any more
    private boolean follow(Iterator<String> lines, Terminal terminal) {
        String event = "";
        StringBuilder data = new StringBuilder();
        while (lines.hasNext()) {
            String line = lines.next();
            if (line.isEmpty()) {
                if (!data.isEmpty()) {
                    print(event, data.toString(), terminal);
                    if (terminal.isGone()) {
                        return false;
                    }
                }
                event = "";
                data.setLength(0);
            } else if (line.startsWith("event:")) {
                event = line.substring(6).strip();
            } else if (line.startsWith("data:")) {
                data.append(line.substring(5).strip());
            }
        }
        return true;
    }

    private void print(String event, String data, Terminal terminal) {
        if (json) {
            terminal.line(data);
            return;
        }
        TailText.of(event, data).map(Terminal::safe).ifPresent(text -> {
            switch (event) {
                case "alarm" -> terminal.important(text);
                case "lost" -> terminal.bad(text);
                default -> terminal.line(text);
            }
        });
    }
}
