package dev.weir.cli;

import dev.weir.cli.Recording.Row;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
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
            "Each row becomes one message: a JSON object with the row's columns. Cells that look like numbers or"
                    + " booleans become such, empty ones are left out; a JSON line is sent as it stands.",
            "Ends when everything is acknowledged."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:everything was sent, and acknowledged unless --qos 0",
            "1:it was not; what is wrong is printed",
            "2:wrong usage"
        },
        footer = {
            "",
            "Examples:",
            "  head -n 100 readings.csv | weir send - --to coap://127.0.0.1 \\",
            "      --topic 'motes/{place}/{device}/climate'",
            "  weir send examples/motes/motes.csv --to mqtt://127.0.0.1:1883 \\",
            "      --topic 'motes/{place}/{device}/climate' --time ts --speed 240"
        })
final class SendCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "CSV or JSON lines, UTF-8; - reads standard input")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private String file;

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
            description = "sends at the recorded pace, by the times in this column (ISO-8601, or epoch milliseconds);"
                    + " otherwise as fast as possible")
    private @Nullable String time;

    @Option(
            names = "--speed",
            paramLabel = "X",
            defaultValue = "1",
            description = "how many times faster than recorded (default: 1)")
    private double speed;

    @Option(names = "--qos", paramLabel = "0|1", defaultValue = "1", description = "MQTT: 0 or 1 (default: 1)")
    private int qos;

    @Option(
            names = "--window",
            paramLabel = "N",
            defaultValue = "20",
            description = "MQTT: unacknowledged messages at most (default: 20)")
    private int window;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!(speed > 0) || Double.isInfinite(speed) || qos < 0 || qos > 1 || window < 1 || window > 65_535) {
            throw new ParameterException(
                    spec.commandLine(), "--speed must be above 0, --qos 0 or 1, --window 1 to 65535");
        }
        Terminal terminal = new Terminal(spec.commandLine().getOut());
        String name = "-".equals(file) ? "standard input" : file;
        Target to = target();
        try (Recording recording = "-".equals(file) ? Recording.read(System.in, name) : Recording.open(Path.of(file));
                Sender sender = connect(to)) {
            Row first = recording.next();
            if (first == null) {
                terminal.line("nothing to send: " + name + " has no rows");
                return 0;
            }
            Player player = new Player(
                    new RowTemplate(topic),
                    time == null
                            ? null
                            : new Player.Pace(
                                    time, speed, recording.time(first, time), System.nanoTime(), System::nanoTime));
            try (SendProgress _ = new SendProgress(player::sent, time != null, target.toString(), terminal)) {
                play(player, first, recording, sender);
            }
            terminal.good("sent " + player.sent() + (player.sent() == 1 ? " reading to " : " readings to ") + target
                    + (to.mqtt() && qos == 0 ? ", without acknowledgements (QoS 0)" : ", all acknowledged"));
        }
        return 0;
    }

    private static void play(Player player, Row first, Recording recording, Sender sender)
            throws IOException, InterruptedException {
        try {
            for (Row row = first; row != null; row = recording.next()) {
                player.play(row, recording, sender);
            }
            sender.flush();
        } catch (IOException e) {
            throw new IOException(Failures.explain(e) + " (" + player.sent() + " sent before)", e);
        }
    }

    /// Where to send.
    ///
    /// @param mqtt whether it is MQTT; else CoAP
    private record Target(boolean mqtt, String host, int port) {
        InetSocketAddress resolve() throws IOException {
            InetSocketAddress address = new InetSocketAddress(host, port);
            if (address.isUnresolved()) {
                throw new IOException("no such host: " + host);
            }
            return address;
        }
    }

    private Target target() {
        boolean mqtt = switch (String.valueOf(target.getScheme())) {
            case "mqtt", "tcp" -> true;
            case "coap" -> false;
            default ->
                throw new ParameterException(
                        spec.commandLine(),
                        "--to: '" + target + "' begins with neither mqtt:// nor coap://; there is nothing else");
        };
        int port = target.getPort() >= 0 ? target.getPort() : mqtt ? 1883 : 5683;
        if (target.getHost() == null || port < 1 || port > 65_535) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--to: expected mqtt://HOST:PORT or coap://HOST:PORT with a port of 1 to 65535, but was '" + target
                            + "'");
        }
        return new Target(mqtt, target.getHost(), port);
    }

    private Sender connect(Target to) throws IOException {
        return to.mqtt() ? new MqttSender(to.resolve(), "", qos, window, time != null) : new CoapSender(to.resolve());
    }
}
