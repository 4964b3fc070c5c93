package dev.weir.cli;

import dev.weir.cli.Recording.Row;
import dev.weir.runtime.Context;
import dev.weir.runtime.Group;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The recorded devices, each with its own rows and its own connection: indoor ones speak MQTT,
/// outdoor ones CoAP.
///
/// @param recording where the rows are from
/// @param rows the rows of each device, by name
/// @param origin the first recorded time
record Motes(Recording recording, Map<String, List<Row>> rows, Instant origin) {
    private static final int MOST_ROWS = 100_000;
    private static final int WINDOW = 20;
    private static final RowTemplate TOPIC = new RowTemplate("motes/{place}/{device}/climate");

    static Motes of(Recording recording) throws IOException {
        Map<String, List<Row>> byDevice = new LinkedHashMap<>();
        List<Row> all = recording.rest(MOST_ROWS);
        for (Row row : all) {
            byDevice.computeIfAbsent(row.values().getOrDefault("device", ""), name -> new ArrayList<>())
                    .add(row);
        }
        return new Motes(recording, byDevice, recording.time(all.getFirst(), "ts"));
    }

    /// Plays all devices at once and returns when everything is acknowledged. When one fails, or
    /// the caller is interrupted, the others stop before their next row.
    void play(DemoPorts ports, Pacing pacing) throws IOException, InterruptedException {
        long start = System.nanoTime();
        try (Group players = Group.of(Context.background(), "motes")) {
            for (Map.Entry<String, List<Row>> device : rows.entrySet()) {
                players.go(() -> play(device, ports, pacing, start, players.context()));
            }
            players.await();
        }
    }

    /// Plays one device until its rows or the context end.
    private void play(Map.Entry<String, List<Row>> device, DemoPorts ports, Pacing pacing, long start, Context context)
            throws IOException, InterruptedException {
        List<Row> mine = device.getValue();
        boolean indoor = "indoor".equals(mine.getFirst().values().get("place"));
        InetAddress loopback = InetAddress.getLoopbackAddress();
        Player player = new Player(
                TOPIC,
                pacing.speed().isEmpty()
                        ? null
                        : new Player.Pace("ts", pacing.speed().getAsDouble(), origin, start, System::nanoTime));
        try (Sender sender = indoor
                ? new MqttSender(
                        new InetSocketAddress(loopback, ports.mqtt()),
                        device.getKey(),
                        1,
                        WINDOW,
                        pacing.speed().isPresent())
                : new CoapSender(new InetSocketAddress(loopback, ports.coap()))) {
            for (Row row : mine) {
                if (context.isDone()) {
                    return;
                }
                player.play(row, recording, sender);
            }
            sender.flush();
        }
    }
}
