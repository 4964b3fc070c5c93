package dev.weir.connect.mqttclient;

import dev.weir.connect.mqttclient.Packet.Kind;
import dev.weir.connect.mqttclient.Packet.Publish;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.concurrent.Semaphore;

/// The messages of one connection that the broker has not been told about. Acknowledges them in the
/// order in which they came, as the standard demands (MQTT-4.6.0-2): what is refused, and all that
/// came after it, stays with the broker and comes again in order.
///
/// Thread-safe. Bounded by a number of permits, which come back when an acknowledgement is with
/// the system.
final class Unacknowledged {
    private final Connection connection;
    private final Encoder encoder;
    private final Semaphore room;

    /// Guarded by itself. At most as many as there are permits.
    private final ArrayDeque<Entry> entries = new ArrayDeque<>();

    /// Identifiers of messages of QoS 2 that the node has and the broker has not released: what
    /// comes again under one is known. Guarded by `entries`.
    private final BitSet taken;

    /// Guarded by `entries`. What is settled after the end is not known any more when it comes
    /// again, since its identifier may be another message's by then.
    private boolean over;

    /// @param taken what a connection before this one left behind, where the broker kept the
    ///     session
    Unacknowledged(Connection connection, Encoder encoder, int most, BitSet taken) {
        this.connection = connection;
        this.encoder = encoder;
        this.room = new Semaphore(most);
        this.taken = taken;
    }

    /// Whether the node has this message already.
    boolean isTaken(Publish message) {
        synchronized (entries) {
            return message.qos() == 2 && taken.get(message.id());
        }
    }

    /// The broker will not send the message again; its identifier is free.
    void release(int id) {
        synchronized (entries) {
            taken.clear(id);
        }
    }

    /// The connection is over.
    ///
    /// @return what is taken and not released
    BitSet end() {
        synchronized (entries) {
            over = true;
            return taken;
        }
    }

    /// One message. QoS 0 has nothing to acknowledge.
    final class Entry {
        private final int qos;
        private final int id;

        /// Guarded by `entries`.
        private boolean settled;

        private Entry(int qos, int id) {
            this.qos = qos;
            this.id = id;
        }

        /// The node has it. Does not block.
        void settle() {
            if (qos > 0) {
                acknowledge(this);
            }
        }

        /// The node does not want it now. An MQTT broker sends again only over a new connection, so
        /// this one ends; a message of QoS 0 is lost, as it may be.
        void refuse() {
            if (qos > 0) {
                connection.fail("the node was overloaded: the broker is asked for the unacknowledged messages again");
            }
        }
    }

    /// Waits for room, and notes a message.
    Entry add(Publish message) throws InterruptedException {
        Entry entry = new Entry(message.qos(), message.id());
        if (message.qos() > 0) {
            room.acquire();
            synchronized (entries) {
                entries.add(entry);
            }
        }
        return entry;
    }

    private void acknowledge(Entry entry) {
        synchronized (entries) {
            entry.settled = true;
            Entry first = entries.peek();
            while (first != null && first.settled && !over) {
                entries.remove();
                if (first.qos == 2) {
                    taken.set(first.id);
                }
                // Never waits; under the lock, since the order is the point.
                connection.offer(encoder.step(first.qos == 1 ? Kind.PUBACK : Kind.PUBREC, first.id), room::release);
                first = entries.peek();
            }
        }
    }
}
