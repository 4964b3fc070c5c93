package dev.weir.cli;

import dev.weir.cli.Recording.Row;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `weir send`: publishes a file of readings.
@Command(
        name = "send",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = {
            "Publishes a file of readings over MQTT or CoAP: CSV with a header line, or JSON lines.",
            "Each row becomes one message: a JSON object with the row's columns."
        },
        footer = {
            "",
            "Example:",
            "  weir send examples/motes/motes.csv --to mqtt://127.0.0.1:1883 \\",
            "      --topic 'motes/{place}/{device}/climate' --time ts --speed 240"
        })
final class SendCommand implements Callable<Integer> {
    private static final long PROGRESS_NANOS = Duration.ofSeconds(1).toNanos();

    @Parameters(paramLabel = "FILE", description = ".csv, .jsonl or .ndjson")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path file;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "URL",
            description = "mqtt://HOST[:1883] or coap://HOST[:5683]")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private URI target;

    @Option(
            names = "--topic",
            required = true,
            paramLabel = "TEMPLATE",
            description = "the MQTT topic or CoAP path; {column} is filled from the row")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String topic;

    @Option(
            names = "--time",
            paramLabel = "COLUMN",
            description = "sends at the recorded pace, by the times in this column; otherwise as fast as possible")
    private @Nullable String time;

    @Option(names = "--speed", defaultValue = "1", description = "how many times faster than recorded (default: 1)")
    private double speed;

    @Option(names = "--qos", defaultValue = "1", description = "MQTT: 0 or 1 (default: 1)")
    private int qos;

    @Option(
            names = "--window",
            defaultValue = "20",
            description = "MQTT: unacknowledged messages at most (default: 20)")
    private int window;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!(speed > 0) || qos < 0 || qos > 1 || window < 1 || window > 65_535) {
            throw new ParameterException(
                    spec.commandLine(), "--speed must be above 0, --qos 0 or 1, --window 1 to 65535");
        }
        Terminal terminal = new Terminal(spec.commandLine().getOut());
        try (Recording recording = Recording.open(file);
                Sender sender = connect()) {
            Row first = recording.next();
            if (first == null) {
                terminal.line("nothing to send: " + file + " has no rows");
                return 0;
            }
            Player player = new Player(
                    new RowTemplate(topic),
                    time == null
                            ? null
                            : new Player.Pace(
                                    time, speed, recording.time(first, time), System.nanoTime(), System::nanoTime));
            play(player, first, recording, sender, terminal);
            sender.flush();
            terminal.good("sent " + player.sent() + " readings to " + target + ", all acknowledged");
        }
        return 0;
    }

    private static void play(Player player, Row first, Recording recording, Sender sender, Terminal terminal)
            throws IOException, InterruptedException {
        long shown = System.nanoTime();
        for (Row row = first; row != null; row = recording.next()) {
            player.play(row, recording, sender);
            if (System.nanoTime() - shown > PROGRESS_NANOS) {
                shown = System.nanoTime();
                terminal.quiet(player.sent() + " readings sent");
            }
        }
    }

    private Sender connect() throws IOException {
        String host = target.getHost();
        if (host == null) {
            throw new ParameterException(spec.commandLine(), "--to: expected mqtt://HOST:PORT or coap://HOST:PORT");
        }
        return switch (String.valueOf(target.getScheme())) {
            case "mqtt", "tcp" -> new MqttSender(server(host, 1883), "", qos, window, time != null);
            case "coap" -> new CoapSender(server(host, 5683));
            default ->
                throw new ParameterException(
                        spec.commandLine(),
                        "--to: '" + target.getScheme() + "' is not known here; there are mqtt:// and coap://");
        };
    }

    private InetSocketAddress server(String host, int defaultPort) throws IOException {
        int port = target.getPort() < 0 ? defaultPort : target.getPort();
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) {
            throw new IOException("no such host: " + host);
        }
        return address;
    }
}
